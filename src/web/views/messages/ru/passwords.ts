import type { Messages } from '../catalog.ts';
import type { passwords as english } from '../en/passwords.ts';

/** Rules for passwords, as a list to check off (`rule`), and what is wrong with one that breaks them (`flaw`). */
export const passwords: Messages<typeof english> = {
  'passwords.met': '(выполнено)',
  'passwords.rule.too-short':
    'Не менее {value, plural, one {# символа} few {# символов} many {# символов} other {# символа}}',
  'passwords.rule.too-long':
    'Не более {value, plural, one {# символа} few {# символов} many {# символов} other {# символа}}',
  'passwords.rule.no-lowercase': 'Содержит строчную букву',
  'passwords.rule.no-uppercase': 'Содержит прописную букву',
  'passwords.rule.no-number': 'Содержит цифру',
  'passwords.rule.no-symbol': 'Содержит специальный символ',
  'passwords.rule.too-few-different':
    'Не менее {value, plural, one {# разного символа} few {# разных символов} many {# разных символов} other {# разного символа}}',
  'passwords.rule.contains-user-name': 'Не содержит имя пользователя',
  'passwords.rule.is-user-name': 'Не совпадает с именем пользователя',
  'passwords.rule.context': 'Не просто ваше имя или название аккаунта с добавлением цифр или знаков',
  'passwords.rule.common': 'Не из тех паролей, которые злоумышленники пробуют первыми',
  'passwords.rule.breached': 'Не встречался в утечках с других сайтов',
  'passwords.rule.used-before':
    'Не совпадает с текущим паролем и {value, plural, =1 {с предыдущим} one {с # предыдущим} few {с # предыдущими} many {с # предыдущими} other {с # предыдущего}}',
  'passwords.flaw.too-short':
    'В пароле должно быть не менее {value, plural, one {# символа} few {# символов} many {# символов} other {# символа}}.',
  'passwords.flaw.too-long':
    'В пароле должно быть не более {value, plural, one {# символа} few {# символов} many {# символов} other {# символа}}.',
  'passwords.flaw.no-lowercase': 'В пароле должна быть строчная буква.',
  'passwords.flaw.no-uppercase': 'В пароле должна быть прописная буква.',
  'passwords.flaw.no-number': 'В пароле должна быть цифра.',
  'passwords.flaw.no-symbol': 'В пароле должен быть специальный символ.',
  'passwords.flaw.too-few-different':
    'В пароле должно быть не менее {value, plural, one {# разного символа} few {# разных символов} many {# разных символов} other {# разного символа}}.',
  'passwords.flaw.contains-user-name': 'Пароль не должен содержать имя пользователя.',
  'passwords.flaw.is-user-name': 'Пароль не должен совпадать с именем пользователя.',
  'passwords.flaw.context':
    'Этот пароль почти не отличается от вашего имени, названия вашего аккаунта или этого сервиса. Выберите слова, которые с ними никак не связаны.',
  'passwords.flaw.common':
    'Этот пароль — из тех, которые злоумышленники пробуют первыми. Придумайте такой, который труднее угадать.',
  'passwords.flaw.breached':
    'Этот пароль встречался в утечке с другого сайта. Придумайте такой, который вы больше нигде не используете.',
  'passwords.flaw.present': 'Новый пароль совпадает с выданным вам или текущим. Придумайте другой.',
  'passwords.flaw.used-before':
    'Этот пароль уже использовался. Нельзя повторять {value, plural, =1 {последний пароль} one {# последний пароль} few {# последних пароля} many {# последних паролей} other {# последнего пароля}}.',
};
