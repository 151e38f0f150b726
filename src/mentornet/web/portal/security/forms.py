"""What a participant types to come in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from mentornet.accounts.models import User
from mentornet.people.known_by import digits_of

LONGEST_PASSWORD = 128


class AddressForm(forms.Form):
    """An e-mail address or a telephone number."""

    address = forms.CharField(
        label=_("Your e-mail address or phone number"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "username", "dir": "ltr", "spellcheck": "false"}),
    )

    def clean_address(self) -> str:
        """Tell whether it can be one of the two at all; whether anybody has it is told to nobody."""
        typed = str(self.cleaned_data["address"]).strip()
        looks_like_mail = "@" in typed and "." in typed.rpartition("@")[2] and " " not in typed
        if not looks_like_mail and not digits_of(typed):
            raise forms.ValidationError(
                _("Write a whole e-mail address, such as amina@example.org, or a phone number, such as 12 34 56 78.")
            )
        return typed


class CodeForm(forms.Form):
    """Six digits."""

    code = forms.CharField(
        label=_("The 6 digits of your code"),
        max_length=40,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "inputmode": "numeric",
                "class": "control portal-code",
                "dir": "ltr",
            }
        ),
    )


class PasswordSignInForm(AddressForm):
    """The address, and the password that she has chosen."""

    password = forms.CharField(
        label=_("Your password"),
        max_length=LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "dir": "ltr"}),
    )


class NewPasswordForm(forms.Form):
    """A password, typed once: it can be shown while typing, and a code helps whoever mistyped it."""

    password = forms.CharField(
        label=_("Your new password"),
        help_text=_("At least 12 signs. Four words in a row are easy to remember."),
        max_length=LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "dir": "ltr"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        """Ask that it is long enough, and not one that everybody uses."""
        password = str(self.cleaned_data["password"])
        validate_password(password, self.user)
        return password
