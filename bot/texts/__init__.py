"""The wording of every letter, as templates. Nothing here decides who gets one."""
