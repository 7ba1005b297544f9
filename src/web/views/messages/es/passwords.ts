import type { Messages } from '../catalog.ts';
import type { passwords as english } from '../en/passwords.ts';

/** Rules for passwords, as a list to check off (`rule`), and what is wrong with one that breaks them (`flaw`). */
export const passwords: Messages<typeof english> = {
  'passwords.met': '(cumplido)',
  'passwords.rule.too-short': 'Al menos {value, plural, one {# carácter} other {# caracteres}}',
  'passwords.rule.too-long': 'Como máximo {value, plural, one {# carácter} other {# caracteres}}',
  'passwords.rule.no-lowercase': 'Contiene una letra minúscula',
  'passwords.rule.no-uppercase': 'Contiene una letra mayúscula',
  'passwords.rule.no-number': 'Contiene un número',
  'passwords.rule.no-symbol': 'Contiene un símbolo',
  'passwords.rule.too-few-different':
    'Al menos {value, plural, one {# carácter diferente} other {# caracteres diferentes}}',
  'passwords.rule.contains-user-name': 'No contiene su nombre de usuario',
  'passwords.rule.is-user-name': 'No es su nombre de usuario',
  'passwords.rule.context': 'Más que su nombre o el de su cuenta con números o símbolos agregados',
  'passwords.rule.common': 'No es una de las contraseñas que los atacantes prueban primero',
  'passwords.rule.breached': 'No aparece en filtraciones de otros sitios',
  'passwords.rule.used-before':
    'Distinta de su contraseña actual y de {value, plural, one {la anterior} other {las # anteriores}}',
  'passwords.flaw.too-short':
    'La contraseña debe tener al menos {value, plural, one {# carácter} other {# caracteres}}.',
  'passwords.flaw.too-long':
    'La contraseña debe tener como máximo {value, plural, one {# carácter} other {# caracteres}}.',
  'passwords.flaw.no-lowercase': 'La contraseña debe contener una letra minúscula.',
  'passwords.flaw.no-uppercase': 'La contraseña debe contener una letra mayúscula.',
  'passwords.flaw.no-number': 'La contraseña debe contener un número.',
  'passwords.flaw.no-symbol': 'La contraseña debe contener un símbolo.',
  'passwords.flaw.too-few-different':
    'La contraseña debe tener al menos {value, plural, one {# carácter diferente} other {# caracteres diferentes}}.',
  'passwords.flaw.contains-user-name': 'La contraseña no debe contener el nombre de usuario.',
  'passwords.flaw.is-user-name': 'La contraseña no debe ser el nombre de usuario.',
  'passwords.flaw.context':
    'Esta contraseña es poco más que su nombre, o el de su cuenta o el de este servicio. Elija palabras que no tengan nada que ver con ellos.',
  'passwords.flaw.common':
    'Esta contraseña es una de las que los atacantes prueban primero. Elija una más difícil de adivinar.',
  'passwords.flaw.breached':
    'Esta contraseña aparece en una filtración de otro sitio. Elija una que no use en ningún otro lugar.',
  'passwords.flaw.present': 'La nueva contraseña es la misma que recibió o que ya tiene. Elija otra.',
  'passwords.flaw.used-before':
    'Esta contraseña ya se usó antes; {value, plural, one {la última no se puede volver a elegir} other {las últimas # no se pueden volver a elegir}}.',
};
