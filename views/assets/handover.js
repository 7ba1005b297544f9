// Goes on by itself; without script the button does it.
document.querySelector('form').requestSubmit();
