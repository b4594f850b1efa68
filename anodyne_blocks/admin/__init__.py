"""What editors see in Wagtail's admin: listings, choosers and forms of the stored things."""
