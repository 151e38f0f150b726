"""Writing to the network: one question a page, kept from page to page, in every language of participants."""
