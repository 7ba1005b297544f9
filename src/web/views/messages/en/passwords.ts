/** Rules for passwords, as a list to check off (`rule`), and what is wrong with one that breaks them (`flaw`). */
export const passwords = {
  'passwords.met': '(met)',
  'passwords.rule.too-short': 'At least {value, plural, one {# character} other {# characters}}',
  'passwords.rule.too-long': 'At most {value, plural, one {# character} other {# characters}}',
  'passwords.rule.no-lowercase': 'Contains a lower-case letter',
  'passwords.rule.no-uppercase': 'Contains an upper-case letter',
  'passwords.rule.no-number': 'Contains a digit',
  'passwords.rule.no-symbol': 'Contains a symbol',
  'passwords.rule.too-few-different':
    'At least {value, plural, one {# different character} other {# different characters}}',
  'passwords.rule.contains-user-name': 'Does not contain your user name',
  'passwords.rule.is-user-name': 'Is not your user name',
  'passwords.rule.context': 'More than your name or the name of your account, with digits or signs added',
  'passwords.rule.common': 'Not one of the passwords that attackers try first',
  'passwords.rule.breached': 'Not known from a breach of another site',
  'passwords.rule.used-before':
    'Not the password you have, and {value, plural, one {not the one before it} other {none of the last # before it}}',
  'passwords.flaw.too-short': 'A password has at least {value, plural, one {# character} other {# characters}}.',
  'passwords.flaw.too-long': 'A password has at most {value, plural, one {# character} other {# characters}}.',
  'passwords.flaw.no-lowercase': 'A password contains a lower-case letter.',
  'passwords.flaw.no-uppercase': 'A password contains an upper-case letter.',
  'passwords.flaw.no-number': 'A password contains a digit.',
  'passwords.flaw.no-symbol': 'A password contains a symbol.',
  'passwords.flaw.too-few-different':
    'A password has at least {value, plural, one {# different character} other {# different characters}}.',
  'passwords.flaw.contains-user-name': 'A password does not contain the user name.',
  'passwords.flaw.is-user-name': 'A password is not the user name.',
  'passwords.flaw.context':
    'This password is little more than your name, or the name of your account or of this service. Choose words that have nothing to do with them.',
  'passwords.flaw.common':
    'This password is one of those that attackers try first. Choose one that is harder to guess.',
  'passwords.flaw.breached':
    'This password is known from a breach of another site. Choose one that you use nowhere else.',
  'passwords.flaw.present': 'The new password is the one you were given, or have. Choose another.',
  'passwords.flaw.used-before':
    'This password was in use before; {value, plural, one {the last one cannot be chosen again} other {the last # cannot be chosen again}}.',
} as const;
