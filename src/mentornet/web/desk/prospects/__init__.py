"""The competency network: experts, the lists they come with, and how they are told and asked."""
