"""Notices that many pages show."""

import django.db.models.deletion
import modelsearch.index
import uuid
import wagtail.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('anodyne_blocks', '0009_change_events'),
        ('wagtailcore', '0097_baselogentry_uuid_action_timestamp_indexes'),
    ]

    operations = [
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('translation_key', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('name', models.CharField(help_text='For editors; readers do not see it.', max_length=100, verbose_name='name')),
                ('kind', models.CharField(choices=[('information', 'Good to know'), ('caution', 'Caution'), ('doctor', 'See a doctor'), ('disclosure', 'Disclosure')], default='information', max_length=12, verbose_name='Kind')),
                ('heading', models.CharField(blank=True, max_length=150, verbose_name='Heading')),
                ('text', wagtail.fields.RichTextField(verbose_name='text')),
                ('latest_revision', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailcore.revision', verbose_name='latest revision')),
                ('locale', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='wagtailcore.locale', verbose_name='locale')),
            ],
            options={
                'verbose_name': 'notice',
                'verbose_name_plural': 'notices',
                'ordering': ['name'],
                'abstract': False,
                'unique_together': {('translation_key', 'locale')},
            },
            bases=(modelsearch.index.Indexed, models.Model),
        ),
    ]
