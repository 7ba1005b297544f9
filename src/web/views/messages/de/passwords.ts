import type { Messages } from '../catalog.ts';
import type { passwords as english } from '../en/passwords.ts';

/** Rules for passwords, as a list to check off (`rule`), and what is wrong with one that breaks them (`flaw`). */
export const passwords: Messages<typeof english> = {
  'passwords.met': '(erfüllt)',
  'passwords.rule.too-short': 'Mindestens {value, plural, one {# Zeichen} other {# Zeichen}}',
  'passwords.rule.too-long': 'Höchstens {value, plural, one {# Zeichen} other {# Zeichen}}',
  'passwords.rule.no-lowercase': 'Enthält einen Kleinbuchstaben',
  'passwords.rule.no-uppercase': 'Enthält einen Großbuchstaben',
  'passwords.rule.no-number': 'Enthält eine Ziffer',
  'passwords.rule.no-symbol': 'Enthält ein Sonderzeichen',
  'passwords.rule.too-few-different': 'Mindestens {value, plural, one {# Zeichen} other {# verschiedene Zeichen}}',
  'passwords.rule.contains-user-name': 'Enthält nicht Ihren Benutzernamen',
  'passwords.rule.is-user-name': 'Ist nicht Ihr Benutzername',
  'passwords.rule.context': 'Mehr als Ihr Name oder der Name Ihres Kontos mit angehängten Ziffern oder Zeichen',
  'passwords.rule.common': 'Keines der Passwörter, die Angreifer zuerst ausprobieren',
  'passwords.rule.breached': 'Nicht aus einem Datenleck einer anderen Website bekannt',
  'passwords.rule.used-before':
    'Weder Ihr aktuelles Passwort noch {value, plural, one {das vorherige} other {eines der # vorherigen}}',
  'passwords.flaw.too-short':
    'Das Passwort muss mindestens {value, plural, one {# Zeichen} other {# Zeichen}} lang sein.',
  'passwords.flaw.too-long':
    'Das Passwort darf höchstens {value, plural, one {# Zeichen} other {# Zeichen}} lang sein.',
  'passwords.flaw.no-lowercase': 'Das Passwort muss einen Kleinbuchstaben enthalten.',
  'passwords.flaw.no-uppercase': 'Das Passwort muss einen Großbuchstaben enthalten.',
  'passwords.flaw.no-number': 'Das Passwort muss eine Ziffer enthalten.',
  'passwords.flaw.no-symbol': 'Das Passwort muss ein Sonderzeichen enthalten.',
  'passwords.flaw.too-few-different':
    'Das Passwort muss mindestens {value, plural, one {# Zeichen} other {# verschiedene Zeichen}} enthalten.',
  'passwords.flaw.contains-user-name': 'Das Passwort darf den Benutzernamen nicht enthalten.',
  'passwords.flaw.is-user-name': 'Das Passwort darf nicht der Benutzername sein.',
  'passwords.flaw.context':
    'Dieses Passwort besteht fast nur aus Ihrem Namen oder dem Namen Ihres Kontos oder dieses Dienstes. Wählen Sie Wörter, die damit nichts zu tun haben.',
  'passwords.flaw.common':
    'Dieses Passwort gehört zu denen, die Angreifer zuerst ausprobieren. Wählen Sie eines, das schwerer zu erraten ist.',
  'passwords.flaw.breached':
    'Dieses Passwort ist aus einem Datenleck einer anderen Website bekannt. Wählen Sie eines, das Sie sonst nirgends verwenden.',
  'passwords.flaw.present': 'Das neue Passwort ist Ihr bisheriges oder das Ihnen mitgeteilte. Wählen Sie ein anderes.',
  'passwords.flaw.used-before':
    'Dieses Passwort wurde schon einmal verwendet. {value, plural, one {Das letzte Passwort kann} other {Die letzten # Passwörter können}} nicht erneut gewählt werden.',
};
