import type { Messages } from '../catalog.ts';
import type { passwords as english } from '../en/passwords.ts';

/** Rules for passwords, as a list to check off (`rule`), and what is wrong with one that breaks them (`flaw`). */
export const passwords: Messages<typeof english> = {
  'passwords.met': '(respecté)',
  'passwords.rule.too-short': 'Au moins {value, plural, one {# caractère} other {# caractères}}',
  'passwords.rule.too-long': 'Au plus {value, plural, one {# caractère} other {# caractères}}',
  'passwords.rule.no-lowercase': 'Contient une minuscule',
  'passwords.rule.no-uppercase': 'Contient une majuscule',
  'passwords.rule.no-number': 'Contient un chiffre',
  'passwords.rule.no-symbol': 'Contient un symbole',
  'passwords.rule.too-few-different': 'Au moins {value, plural, one {# caractère} other {# caractères différents}}',
  'passwords.rule.contains-user-name': 'Ne contient pas votre nom d’utilisateur',
  'passwords.rule.is-user-name': 'N’est pas votre nom d’utilisateur',
  'passwords.rule.context': 'Plus que votre nom ou celui de votre compte, suivi de chiffres ou de signes',
  'passwords.rule.common': 'Ne figure pas parmi les mots de passe que les attaquants essaient en premier',
  'passwords.rule.breached': 'N’a pas fuité depuis un autre site',
  'passwords.rule.used-before':
    'Ni votre mot de passe actuel, ni {value, plural, one {le précédent} other {l’un des # précédents}}',
  'passwords.flaw.too-short':
    'Le mot de passe doit comporter au moins {value, plural, one {# caractère} other {# caractères}}.',
  'passwords.flaw.too-long':
    'Le mot de passe doit comporter au plus {value, plural, one {# caractère} other {# caractères}}.',
  'passwords.flaw.no-lowercase': 'Le mot de passe doit contenir une minuscule.',
  'passwords.flaw.no-uppercase': 'Le mot de passe doit contenir une majuscule.',
  'passwords.flaw.no-number': 'Le mot de passe doit contenir un chiffre.',
  'passwords.flaw.no-symbol': 'Le mot de passe doit contenir un symbole.',
  'passwords.flaw.too-few-different':
    'Le mot de passe doit comporter au moins {value, plural, one {# caractère} other {# caractères différents}}.',
  'passwords.flaw.contains-user-name': 'Le mot de passe ne doit pas contenir le nom d’utilisateur.',
  'passwords.flaw.is-user-name': 'Le mot de passe ne doit pas être le nom d’utilisateur.',
  'passwords.flaw.context':
    'Ce mot de passe se résume presque à votre nom, ou à celui de votre compte ou de ce service. Choisissez des mots sans rapport avec eux.',
  'passwords.flaw.common':
    'Ce mot de passe est l’un de ceux que les attaquants essaient en premier. Choisissez-en un plus difficile à deviner.',
  'passwords.flaw.breached':
    'Ce mot de passe a fuité depuis un autre site. Choisissez-en un que vous n’utilisez nulle part ailleurs.',
  'passwords.flaw.present':
    'Le nouveau mot de passe est identique à l’actuel ou à celui que vous avez reçu. Choisissez-en un autre.',
  'passwords.flaw.used-before':
    'Ce mot de passe a déjà été utilisé. {value, plural, one {Le dernier mot de passe ne peut pas être réutilisé} other {Les # derniers mots de passe ne peuvent pas être réutilisés}}.',
};
