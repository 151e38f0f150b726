"""A participant's own pages. Each area adds its own two lines."""

from __future__ import annotations

from mentornet.web.portal.applications.urls import urlpatterns as applications
from mentornet.web.portal.calendar.urls import urlpatterns as calendar
from mentornet.web.portal.confirm.urls import urlpatterns as confirm
from mentornet.web.portal.data.urls import urlpatterns as data
from mentornet.web.portal.home.urls import urlpatterns as home
from mentornet.web.portal.interviews.urls import urlpatterns as interviews
from mentornet.web.portal.partnership.urls import urlpatterns as partnership
from mentornet.web.portal.profile.urls import urlpatterns as profile
from mentornet.web.portal.proposals.urls import urlpatterns as proposals
from mentornet.web.portal.questions.urls import urlpatterns as questions
from mentornet.web.portal.reading.urls import urlpatterns as reading
from mentornet.web.portal.referrals.urls import urlpatterns as referrals
from mentornet.web.portal.searches.urls import urlpatterns as searches
from mentornet.web.portal.security.urls import urlpatterns as security
from mentornet.web.portal.training.urls import urlpatterns as training
from mentornet.web.portal.value.urls import urlpatterns as value
from mentornet.web.portal.word.urls import urlpatterns as word

app_name = "portal"
urlpatterns = [
    *applications,
    *referrals,
    *interviews,
    *confirm,
    *data,
    *word,
    *partnership,
    *value,
    *calendar,
    *home,
    *profile,
    *security,
    *proposals,
    *training,
    *reading,
    *questions,
    *searches,
]
