"""What a coordinator does at the desk and sees of the whole. The pages themselves are bot/web's."""
