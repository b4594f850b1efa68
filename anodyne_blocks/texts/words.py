"""Headings that say what stands beneath them, in the languages that the package has."""

from __future__ import annotations

import re

# Compared without case, numbers, signs and the words around a slash or "and" of another list.
_QUESTIONS = """
faq|faqs|q&a|questions|questions and answers|frequently asked questions|common questions
questions that readers ask|questions readers ask|your questions answered|people also ask
vragen|veelgestelde vragen|vragen en antwoorden|vragen van lezers|meestgestelde vragen
fragen|häufige fragen|häufig gestellte fragen|fragen und antworten|leserfragen
spørgsmål|spørgsmål og svar|ofte stillede spørgsmål|læserne spørger
frågor|frågor och svar|vanliga frågor|vanliga frågor och svar
ofte stilte spørsmål|spørsmål og svar|vanlige spørsmål|spørsmål
kysymyksiä ja vastauksia|usein kysytyt kysymykset|usein kysyttyä|kysymykset
questions fréquentes|foire aux questions|questions et réponses|questions fréquemment posées
preguntas|preguntas frecuentes|preguntas y respuestas
perguntas|perguntas frequentes|perguntas e respostas|dúvidas frequentes
domande|domande frequenti|domande e risposte
pytania|często zadawane pytania|najczęściej zadawane pytania|pytania i odpowiedzi
otázky|časté otázky|často kladené otázky|otázky a odpovědi|nejčastější otázky
kérdések|gyakori kérdések|gyakran ismételt kérdések|kérdések és válaszok|gyik
întrebări|întrebări frecvente|întrebări și răspunsuri
ερωτήσεις|συχνές ερωτήσεις|ερωτήσεις και απαντήσεις
sorular|sık sorulan sorular|sorular ve cevaplar|sıkça sorulan sorular|sss
питання|часті питання|поширені запитання|запитання та відповіді|питання та відповіді
よくある質問|よくあるご質問|質問と回答|質問
常见问题|常见问题解答|问答|问题与解答
أسئلة شائعة|الأسئلة الشائعة|أسئلة وأجوبة|الأسئلة المتكررة|أسئلة متكررة
"""
_SOURCES = """
sources|references|source list|bibliography|literature|works cited|further reading and sources
sources and references|references and sources|citations
bronnen|bronnenlijst|referenties|literatuur|literatuurlijst|bronvermelding
quellen|quellenangaben|quellenverzeichnis|literatur|literaturverzeichnis|referenzen|einzelnachweise
kilder|kildeliste|referencer|litteratur|litteraturliste|kildehenvisninger
källor|källförteckning|referenser|källhänvisningar|referanser|kildehenvisning
lähteet|lähdeluettelo|viitteet|kirjallisuus
références|bibliographie|littérature|notes et références
fuentes|referencias|bibliografía|fuentes y referencias
fontes|referências|bibliografia|referências bibliográficas
fonti|riferimenti|riferimenti bibliografici
źródła|przypisy|piśmiennictwo|literatura|spis źródeł
zdroje|použité zdroje|seznam literatury|prameny
források|irodalom|irodalomjegyzék|hivatkozások|felhasznált irodalom
surse|referințe|bibliografie
πηγές|βιβλιογραφία|αναφορές|παραπομπές
kaynaklar|kaynakça|referanslar
джерела|література|список літератури|посилання|список джерел
出典|参考文献|参考資料|情報源
来源|参考文献|参考资料|资料来源
المصادر|مصادر|المراجع|مراجع|المصادر والمراجع
"""
_AROUND = re.compile(r"^[\W\d_]+|[\W_]+$")
_SUBJECT = re.compile(
    r"\s+(?:about|on|over|zu|zum|zur|über|om|sur|sobre|su|o|despre|για|hakkında|про)\s"
)


def _listed(text: str) -> frozenset[str]:
    return frozenset(text.casefold().replace("\n", "|").split("|")) - {""}


_ASK, _CITE = _listed(_QUESTIONS), _listed(_SOURCES)
# Greek asks with a semicolon, or the sign that looks like one.
_ASKS = re.compile(r"[?؟？\u037e]\W*$|[Α-ώ];\W*$")


def opens_questions(heading: str) -> bool:
    """Whether questions stand under a heading: "FAQ", "Veelgestelde vragen over rugpijn"."""
    words = _plain(heading)
    return words in _ASK or _SUBJECT.split(words)[0] in _ASK - {"questions"}


def opens_sources(heading: str) -> bool:
    """Whether sources are listed under a heading."""
    return _plain(heading) in _CITE


def is_question(text: str) -> bool:
    """Whether a sentence asks."""
    return bool(_ASKS.search(text))


def _plain(heading: str) -> str:
    return " ".join(_AROUND.sub("", heading.casefold()).split())
