"""What letters say: the words of each event, as they ship.

Somebody else may read her mail. So neither subject nor text names the network, the other person, or what it is about:
a letter brings a link, asks for a call, or says where to be and when. Words are plain, about CEFR A2. A text message is
short: at most 160 signs without its link, in words that need no greeting.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _

from mentornet.messaging.rights_events import ABOUT_RIGHTS
from mentornet.messaging.search_events import ABOUT_SEARCHES
from mentornet.messaging.templates import NEUTRAL, Kind, Template
from mentornet.messaging.waiting_events import WHILE_WAITING

_NEUTRAL: Final = NEUTRAL
_APPOINTMENT: Final = _("Your appointment")

TEMPLATES: Final[Mapping[str, Template]] = {
    # Proposals --------------------------------------------------------------------------------------------------------
    "proposal_to_mentee": Template(
        _NEUTRAL,
        _(
            "There is news for you. We would like to tell you about it on the phone.\n\n"
            "Please call %(coordinator)s before %(day)s. The phone number is %(phone)s.\n\n"
            "You decide what happens next. You can also say no."
        ),
        _("There is news for you. Please call %(coordinator)s on %(phone)s before %(day)s."),
        linked_body=_(
            "There is news for you.\n\n"
            "You can read it and answer before %(day)s. Open this link:\n%(link)s\n\n"
            "The link is only for you. You decide what happens next. You can also say no."
        ),
        linked_sms=_("There is news for you. Please read and answer before %(day)s."),
    ),
    "proposal_to_mentor": Template(
        _NEUTRAL,
        _(
            "There is news for you, and we hope for your help. We would like to tell you more on the phone.\n\n"
            "Please call %(coordinator)s before %(day)s. The phone number is %(phone)s.\n\n"
            "You decide if it suits you. You can also say no."
        ),
        _("There is news for you. Please call %(coordinator)s on %(phone)s before %(day)s."),
        linked_body=_(
            "There is news for you, and we hope for your help.\n\n"
            "You can read it and answer before %(day)s. Open this link:\n%(link)s\n\n"
            "The link is only for you. You decide if it suits you. You can also say no."
        ),
        linked_sms=_("There is news for you. Please read and answer before %(day)s."),
    ),
    "proposal_ended": Template(
        _NEUTRAL,
        _(
            "Our suggestion of %(day)s is no longer open.\n\n"
            "You keep your place with us. You have done nothing wrong, and you do not need to do anything now. "
            "We will contact you when there is news."
        ),
        _("Our suggestion of %(day)s is no longer open. You keep your place. You do not need to do anything."),
    ),
    "meet_first": Template(
        _APPOINTMENT,
        _(
            "You have a meeting on %(day)s at %(place)s.\n\n"
            "You do not need to prepare. If you cannot come, please call us as soon as you can. "
            "Then we find another day."
        ),
        _("You have a meeting on %(day)s at %(place)s. If you cannot come, please call us."),
    ),
    "meeting_moved": Template(
        _APPOINTMENT,
        _(
            "Your meeting has changed. These are the day and place now:\n\n"
            "Day: %(day)s\nPlace: %(place)s\n\n"
            "What we wrote to you about it before no longer holds. If you cannot come, please call us as soon as you "
            "can. Then we find another day."
        ),
        _("Your meeting has changed. It is now on %(day)s at %(place)s. If you cannot come, please call us."),
    ),
    "meeting_choose": Template(
        _APPOINTMENT,
        _(
            "There is good news for you. Now we would like to find a time for a first meeting.\n\n"
            "We will call you soon. You do not need to do anything now."
        ),
        _("There is good news for you. We will call you soon to find a time for a first meeting."),
        linked_body=_(
            "There is good news for you. Now we would like to find a time for a first meeting.\n\n"
            "Please choose the times that suit you here:\n%(link)s\n\n"
            "The link is only for you. If no time suits you, you can say so there."
        ),
        linked_sms=_("There is good news for you. Please choose the times that suit you for a first meeting."),
    ),
    "meet_first_at": Template(
        _APPOINTMENT,
        _(
            "You have a meeting.\n\n"
            "Day: %(day)s\nTime: %(time)s\nPlace: %(place)s\n\n"
            "You do not need to prepare. If you cannot come, please call us as soon as you can. "
            "Then we find another day."
        ),
        _("You have a meeting: %(day)s at %(time)s, %(place)s. If you cannot come, please call us."),
    ),
    "meeting_moved_at": Template(
        _APPOINTMENT,
        _(
            "Your meeting has changed. These are the day, the time and the place now:\n\n"
            "Day: %(day)s\nTime: %(time)s\nPlace: %(place)s\n\n"
            "What we wrote to you about it before no longer holds. If you cannot come, please call us as soon as you "
            "can. Then we find another day."
        ),
        _("Your meeting has changed. It is now: %(day)s at %(time)s, %(place)s. If you cannot come, please call us."),
    ),
    "meeting_off": Template(
        _APPOINTMENT,
        _(
            "You have no meeting on %(day)s any more. Please do not go there.\n\n"
            "Our suggestion is no longer open. You keep your place with us. You have done nothing wrong, and you do "
            "not need to do anything now. We will contact you when there is news."
        ),
        _("You have no meeting on %(day)s any more. Please do not go there. You keep your place with us."),
    ),
    "after_meeting": Template(
        _NEUTRAL,
        _(
            "You have met now. We would like to know if you want to go on.\n\n"
            "Please call us. Only we hear your answer. You can say yes or no. "
            "If you say no, you keep your place with us."
        ),
        _("You have met now. Do you want to go on? Please call us. Only we hear your answer."),
        linked_body=_(
            "You have met now. We would like to know if you want to go on.\n\n"
            "Please answer here:\n%(link)s\n\n"
            "The link is only for you, and only we see your answer. You can say yes or no. "
            "If you say no, you keep your place with us."
        ),
        linked_sms=_("You have met now. Do you want to go on? Only we see your answer."),
    ),
    "have_you_met": Template(
        _NEUTRAL,
        _(
            "You had a meeting on %(day)s. We would like to know if you met, and if you want to go on.\n\n"
            "Please call us. Only we hear your answer. You can say yes or no. "
            "If you say no, you keep your place with us."
        ),
        _("You had a meeting on %(day)s. Did you meet? Please call us. Only we hear your answer."),
        linked_body=_(
            "You had a meeting on %(day)s. We would like to know if you met, and if you want to go on.\n\n"
            "Please answer here:\n%(link)s\n\n"
            "The link is only for you, and only we see your answer. You can say yes or no. "
            "If you say no, you keep your place with us."
        ),
        linked_sms=_("You had a meeting on %(day)s. Did you meet? Only we see your answer."),
    ),
    "sent_by_mistake": Template(
        _NEUTRAL,
        _(
            "Our letter of %(day)s was a mistake. We are sorry. Please do not follow it.\n\n"
            "You have done nothing wrong. We will call you soon and tell you more."
        ),
        _("Our message of %(day)s was a mistake. Please do not follow it. We are sorry. We will call you soon."),
    ),
    # Two who work together --------------------------------------------------------------------------------------------
    "partnership_begun": Template(
        _NEUTRAL,
        _(
            "Everything is ready now, and you can begin. We are happy for you.\n\n"
            "Please call us if you have a question, or if something is difficult. We are here all the way."
        ),
        _("Everything is ready now, and you can begin. Please call us if you have a question."),
        tells_only=True,
    ),
    "pair_paused": Template(
        _NEUTRAL,
        _(
            "There is a pause now, and it has an end. You keep your place with us.\n\n"
            "You have done nothing wrong, and you do not need to do anything. Please call us if you have a question."
        ),
        _(
            "There is a pause now, and it has an end. You keep your place with us. "
            "Please call us if you have a question."
        ),
        tells_only=True,
    ),
    "new_coordinator": Template(
        _NEUTRAL,
        _(
            "From now on you can call %(coordinator)s when you need us. The phone number is %(phone)s.\n\n"
            "Nothing else has changed for you, and you do not need to do anything now."
        ),
        _("From now on you can call %(coordinator)s on %(phone)s. You do not need to do anything now."),
        tells_only=True,
    ),
    "agreement_ready": Template(
        _NEUTRAL,
        _(
            "There is a paper for you to read. It says what the two of you have agreed on.\n\n"
            "Please call us. We will read it with you. You can ask us to change something."
        ),
        _("There is a paper for you to read. Please call us. We will read it with you."),
        linked_body=_(
            "There is a paper for you to read. It says what the two of you have agreed on.\n\n"
            "You can read it and sign it here:\n%(link)s\n\n"
            "The link is only for you. You can ask us to change something before you sign."
        ),
        linked_sms=_("There is a paper for you to read and sign."),
    ),
    # When it has ended ------------------------------------------------------------------------------------------------
    "thanks": Template(
        _NEUTRAL,
        _(
            "Thank you for the time that you have given. It is over now, and it has mattered.\n\n"
            "You do not need to do anything. Please call us if you have a question, or if you want to begin again."
        ),
        _("Thank you for the time that you have given. It is over now, and it has mattered. You can always call us."),
        tells_only=True,
    ),
    "how_are_you": Template(
        _NEUTRAL,
        _(
            "It is some time since we talked. We would like to know how it goes.\n\n"
            "Please call us, or wait: we will call you. You do not have to answer."
        ),
        _("It is some time since we talked. We would like to know how it goes. You do not have to answer."),
        linked_body=_(
            "It is some time since we talked. We would like to know how it goes.\n\n"
            "You can answer with one tap here:\n%(link)s\n\n"
            "The link is only for you. You do not have to answer, and you can say that we should not ask again."
        ),
        linked_sms=_("It is some time since we talked. How does it go? You can answer with one tap."),
        kind=Kind.REMINDERS,
        may_wait=True,
    ),
    # What the two have of it ------------------------------------------------------------------------------------------
    "impact_asked": Template(
        _NEUTRAL,
        _(
            "There is something for you to read. You decide what happens with it.\n\n"
            "You do not have to do anything. If you do nothing, nothing happens. Please call us if you have a question."
        ),
        _("There is something for you to read. You decide what happens. If you do nothing, nothing happens."),
        linked_body=_(
            "There is something for you to read. You decide what happens with it.\n\n"
            "You find it here:\n%(link)s\n\n"
            "The link is only for you. If you do nothing, nothing happens, and that is all right."
        ),
        linked_sms=_("There is something for you to read. You decide. If you do nothing, nothing happens."),
        may_wait=True,
    ),
    "impact_sent": Template(
        _NEUTRAL,
        _("There is something good for you to read.\n\nYou find it on your own page when you have time."),
        _("There is something good for you to read. You find it on your own page."),
        tells_only=True,
    ),
    "tenure_thanks": Template(
        _NEUTRAL,
        _(
            "We would like to say thank you. You have been with us for a long time now, and we are glad that you are "
            "here.\n\nYou do not need to do anything."
        ),
        _("We would like to say thank you. You have been with us for a long time now. We are glad that you are here."),
        kind=Kind.THANKS,
        may_wait=True,
    ),
    # From the first word to a place -----------------------------------------------------------------------------------
    "application_started": Template(
        _NEUTRAL,
        _(
            "You have begun to write to us, and we have kept what you wrote.\n\n"
            "You can go on here when you like:\n%(link)s\n\n"
            "The link is only for you. If you did not write to us, you do not need to do anything."
        ),
        _("We have kept what you wrote. You can go on here when you like."),
        is_urgent=True,
    ),
    "application_received": Template(
        _NEUTRAL,
        _(
            "Thank you for writing to us. We have got what you sent.\n\n"
            "We will read it, and then we will call you or write to you. You do not need to do anything now."
        ),
        _("Thank you for writing to us. We will call you or write to you. You do not need to do anything now."),
        tells_only=True,
    ),
    "application_pre_registered": Template(
        _NEUTRAL,
        _(
            "Thank you for writing to us. We have got what you sent.\n\n"
            "We cannot take more people just now. We keep your name, and we write to you when there is room again. "
            "You do not need to do anything now."
        ),
        _("Thank you for writing to us. There is no room just now. We keep your name and write to you again."),
        tells_only=True,
    ),
    "application_taken_in": Template(
        _NEUTRAL,
        _(
            "You have written to us, and we had to let you wait. Now there is room.\n\n"
            "We will call you or write to you within two weeks. You do not need to do anything now."
        ),
        _("You have written to us. Now there is room. We will call you or write to you within two weeks."),
        tells_only=True,
    ),
    "contact_person_welcome": Template(
        _NEUTRAL,
        _(
            "Welcome, and thank you for your help.\n\n"
            "A few times a year we ask you if you know somebody. You can always answer that you know nobody; "
            "that helps us too."
        ),
        _("Welcome, and thank you for your help. A few times a year we ask you if you know somebody."),
        tells_only=True,
    ),
    "interview_choose": Template(
        _APPOINTMENT,
        _(
            "We would like to talk with you.\n\n"
            "Please choose a day and a time that suit you here:\n%(link)s\n\n"
            "The link is only for you. If no time suits you, you can say so there."
        ),
        _("We would like to talk with you. Please choose a day and a time here."),
    ),
    "interview_invitation": Template(
        _APPOINTMENT,
        _(
            "We would like to talk with you.\n\n"
            "Day: %(day)s\nTime: %(time)s\nPlace: %(place)s\n\n"
            "You do not need to prepare. If you cannot come, please call us. Then we find another time."
        ),
        _("We would like to talk with you: %(day)s at %(time)s, %(place)s. If you cannot come, please call us."),
    ),
    "interview_moved": Template(
        _APPOINTMENT,
        _(
            "Your appointment has changed. These are the day, the time and the place now:\n\n"
            "Day: %(day)s\nTime: %(time)s\nPlace: %(place)s\n\n"
            "What we wrote to you about it before no longer holds. If you cannot come, please call us. "
            "Then we find another time."
        ),
        _("Your appointment has changed. It is now: %(day)s at %(time)s, %(place)s."),
    ),
    "interview_reminder": Template(
        _APPOINTMENT,
        _(
            "We look forward to seeing you.\n\n"
            "Day: %(day)s\nTime: %(time)s\nPlace: %(place)s\n\n"
            "If you cannot come, please call us. Then we find another time."
        ),
        _("We look forward to seeing you: %(day)s at %(time)s, %(place)s. If you cannot come, please call us."),
    ),
    "profile_confirm": Template(
        _NEUTRAL,
        _(
            "Thank you for talking with us. We have written down what you told us.\n\n"
            "Please call us, and we will read it to you. You can change what is wrong."
        ),
        _("We have written down what you told us. Please call us, and we will read it to you."),
        linked_body=_(
            "Thank you for talking with us. We have written down what you told us.\n\n"
            "Please read it here, and change what is wrong:\n%(link)s\n\n"
            "The link is only for you."
        ),
        linked_sms=_("We have written down what you told us. Please read it, and change what is wrong."),
    ),
    "application_approved": Template(
        _NEUTRAL,
        _(
            "There is good news: you have a place with us. Welcome.\n\n"
            "We will contact you when we have a suggestion for you. It can take some time. "
            "You do not need to do anything now."
        ),
        _("There is good news: you have a place with us. Welcome. You do not need to do anything now."),
        linked_body=_(
            "There is good news: you have a place with us. Welcome.\n\n"
            "There is one thing to do before you begin: a short course that you read on your phone or computer. "
            "You can stop when you want, and go on later. Open this link:\n%(link)s\n\n"
            "The link is only for you. When you have finished, we contact you as soon as we have a suggestion for you."
        ),
        linked_sms=_("There is good news: you have a place with us. Before you begin there is a short course to read."),
    ),
    "application_declined": Template(
        _NEUTRAL,
        _(
            "Thank you for talking with us. We are sorry: we cannot offer you a place now.\n\n"
            "We would like to tell you why. Please call us, and we will also talk about what else may help you."
        ),
        _("We are sorry: we cannot offer you a place now. Please call us. We would like to tell you why."),
    ),
    **WHILE_WAITING,
    # Both are asked how it goes ---------------------------------------------------------------------------------------
    "questions_asked": Template(
        _NEUTRAL,
        _(
            "We have a short question for you. It takes less than two minutes.\n\n"
            "You can answer here:\n%(link)s\n\n"
            "The link is only for you. You decide if you want to answer."
        ),
        _("We have a short question for you. It takes less than two minutes. You decide if you want to answer."),
        may_wait=True,
    ),
    "questions_waiting": Template(
        _NEUTRAL,
        _(
            "We have asked you a short question. You can still answer it if you like.\n\n"
            "You can answer here:\n%(link)s\n\n"
            "The link is only for you. If you do not answer, we do not write about it again."
        ),
        _("We have asked you a short question. You can still answer it if you like. We do not write about it again."),
        kind=Kind.REMINDERS,
        may_wait=True,
    ),
    # Codes ------------------------------------------------------------------------------------------------------------
    "one_time_code": Template(
        _NEUTRAL,
        _(
            "Your code is: %(code)s\n\n"
            "You can use it for 10 minutes. Do not give it to anybody. We never ask you for it on the phone.\n\n"
            "If you did not ask for a code, you do not need to do anything."
        ),
        _("Your code is %(code)s. You can use it for 10 minutes. Do not give it to anybody."),
        is_urgent=True,
    ),
    "sign_in_code": Template(
        _NEUTRAL,
        _(
            "Your code to sign in is: %(code)s\n\n"
            "You can use it for 10 minutes. Do not give it to anybody. We never ask you for it on the phone.\n\n"
            "If you did not ask for a code, you do not need to do anything."
        ),
        _("Your code to sign in is %(code)s. You can use it for 10 minutes. Do not give it to anybody."),
        is_urgent=True,
    ),
    **ABOUT_RIGHTS,
    **ABOUT_SEARCHES,
    # In a coordinator's own words -------------------------------------------------------------------------------------
    "by_hand": Template(_NEUTRAL, "%(text)s", "%(text)s"),
}
