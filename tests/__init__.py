"""The product tested the way it is used: real files, real servers, whole stories."""
