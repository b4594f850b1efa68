import pytest
from tests import factories as f
pytestmark=pytest.mark.django_db
def test_a():
    p = f.page(("heading",{"text":"Hi","level":"2"}),("faq",{"heading":"","questions":[{"question":"Q","answer":"<p>a</p>"}]}))
    print(f.elements(p))
    print(p.full_url)
