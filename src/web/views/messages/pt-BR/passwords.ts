import type { Messages } from '../catalog.ts';
import type { passwords as english } from '../en/passwords.ts';

/** Rules for passwords, as a list to check off (`rule`), and what is wrong with one that breaks them (`flaw`). */
export const passwords: Messages<typeof english> = {
  'passwords.met': '(atendido)',
  'passwords.rule.too-short': 'Pelo menos {value, plural, one {# caractere} other {# caracteres}}',
  'passwords.rule.too-long': 'No máximo {value, plural, one {# caractere} other {# caracteres}}',
  'passwords.rule.no-lowercase': 'Contém uma letra minúscula',
  'passwords.rule.no-uppercase': 'Contém uma letra maiúscula',
  'passwords.rule.no-number': 'Contém um número',
  'passwords.rule.no-symbol': 'Contém um símbolo',
  'passwords.rule.too-few-different':
    'Pelo menos {value, plural, one {# caractere diferente} other {# caracteres diferentes}}',
  'passwords.rule.contains-user-name': 'Não contém seu nome de usuário',
  'passwords.rule.is-user-name': 'Não é seu nome de usuário',
  'passwords.rule.context': 'Mais do que seu nome ou o nome da sua conta com números ou símbolos acrescentados',
  'passwords.rule.common': 'Não é uma das senhas que os invasores tentam primeiro',
  'passwords.rule.breached': 'Não aparece em vazamentos de outros sites',
  'passwords.rule.used-before':
    'Diferente da sua senha atual e {value, plural, one {da anterior} other {das # anteriores}}',
  'passwords.flaw.too-short': 'A senha deve ter pelo menos {value, plural, one {# caractere} other {# caracteres}}.',
  'passwords.flaw.too-long': 'A senha deve ter no máximo {value, plural, one {# caractere} other {# caracteres}}.',
  'passwords.flaw.no-lowercase': 'A senha deve conter uma letra minúscula.',
  'passwords.flaw.no-uppercase': 'A senha deve conter uma letra maiúscula.',
  'passwords.flaw.no-number': 'A senha deve conter um número.',
  'passwords.flaw.no-symbol': 'A senha deve conter um símbolo.',
  'passwords.flaw.too-few-different':
    'A senha deve ter pelo menos {value, plural, one {# caractere diferente} other {# caracteres diferentes}}.',
  'passwords.flaw.contains-user-name': 'A senha não deve conter o nome de usuário.',
  'passwords.flaw.is-user-name': 'A senha não deve ser o nome de usuário.',
  'passwords.flaw.context':
    'Esta senha é pouco mais que seu nome, ou o nome da sua conta ou deste serviço. Escolha palavras que não tenham nada a ver com eles.',
  'passwords.flaw.common':
    'Esta senha é uma das que os invasores tentam primeiro. Escolha uma mais difícil de adivinhar.',
  'passwords.flaw.breached':
    'Esta senha aparece em um vazamento de outro site. Escolha uma que você não use em nenhum outro lugar.',
  'passwords.flaw.present': 'A nova senha é a mesma que você recebeu ou já tem. Escolha outra.',
  'passwords.flaw.used-before':
    'Esta senha já foi usada antes; {value, plural, one {a última não pode ser escolhida novamente} other {as últimas # não podem ser escolhidas novamente}}.',
};
