import type { Messages } from '../catalog.ts';
import type { surroundings as english } from '../en/surroundings.ts';

/** What every kind of page can say: layouts, errors, the ways in and out. */
export const surroundings: Messages<typeof english> = {
  'common.continue': 'Continuar',
  'common.error-title': 'Erro: {title}',
  'common.show': 'Mostrar',
  'common.hide': 'Ocultar',
  'common.copy': 'Copiar',
  'common.copy-all': 'Copiar tudo',
  'common.copied': 'Copiado',
  'common.copying-refused': 'Não é permitido copiar aqui. Selecione o texto e copie manualmente.',
  'common.caps-lock': 'O Caps Lock está ativado',
  'common.language': 'Idioma',
  'common.try-again-in': 'Você pode tentar novamente em {time}.',
  'common.try-again-now': 'Você já pode tentar novamente.',
  'common.logging-on-as': 'Fazendo login como',
  'common.towards': 'para continuar em <b>{app}</b>',
  'common.to-logon-page': 'Ir para a página de login',
  'common.to-your-logon-page': 'Ir para sua página de login',
  'common.reference': 'Referência para o suporte: <code>{id}</code>',

  'general.title': 'Fazer login',
  'general.name': 'Nome de usuário',
  'general.hint': 'Nome e conta, por exemplo <code>alice@acme</code>',
  'general.no-alias': 'Digite seu nome de login como usuário@alias, por exemplo alice@acme.',
  'general.unknown-alias': 'Não há nenhuma conta com esse nome aqui. Verifique o que vem depois do @.',

  'stale.title': 'Esta página expirou',
  'stale.lead': 'Este login já foi concluído, talvez em outra guia, ou demorou demais. Nada foi perdido.',
  'stale.start-again': 'Começar de novo',
  'stale.towards': 'Você estava a caminho de <b>{app}</b>',

  'handover.title': 'Um momento',
  'handover.lead': 'Estamos redirecionando você. Se nada acontecer, clique no botão.',

  'sign-out.title': 'Sair?',
  'sign-out.lead-app':
    '<b>{app}</b> está pedindo para encerrar sua sessão. Os outros apps abertos com ela também serão fechados.',
  'sign-out.lead': 'Sua sessão será encerrada aqui e nos apps abertos com ela.',
  'sign-out.yes': 'Sair',
  'sign-out.no': 'Manter a sessão aberta',
  'signed-out.title': 'Você saiu',
  'signed-out.left': 'Você saiu de <b>{app}</b>.',
  'signed-out.shared': 'Se o computador for compartilhado, feche também o navegador.',
  'signed-out.log-on-again': 'Fazer login novamente',

  'error.did-not-work': 'Não foi possível concluir a ação',
  'error.not-found.title': 'Não há nada aqui',
  'error.not-found': 'O endereço pode estar incorreto ou o conteúdo não existe mais.',
  'error.suspended.title': 'Esta conta está suspensa',
  'error.suspended': 'No momento, ninguém pode fazer login nela. Fale com o responsável por este serviço.',
  'error.away.title': 'Voltamos em instantes',
  'error.away':
    'No momento, não conseguimos acessar nosso armazenamento. Nada foi perdido; tente novamente em alguns segundos.',
  'error.busy.title': 'Serviço muito ocupado no momento',
  'error.busy': 'Nada foi perdido; tente novamente em alguns segundos.',
  'error.ours.title': 'Ocorreu um erro',
  'error.ours': 'O problema é nosso. Se persistir, avise o responsável por este serviço.',
  'error.ended-meanwhile': 'Este login foi cancelado ou concluído nesse meio-tempo. Volte ao app e comece de novo.',
  'error.logon-over.title': 'Este login terminou',
  'error.logon-over': 'Este login expirou ou já foi concluído. Volte ao app e comece de novo.',
  'error.answered-already': 'Esta etapa já foi concluída, talvez em outra guia. Recarregue a página.',
  'error.malformed': 'Não foi possível entender o que foi enviado. Volte, recarregue a página e tente novamente.',
  'error.no-permission': 'Você não tem permissão para fazer isso. Fale com um administrador da sua conta.',
  'error.refused': 'Não é possível fazer isso no momento. Volte, recarregue a página e tente novamente.',
  'error.throttled': 'Muitas tentativas. Aguarde alguns minutos e tente novamente.',
  'error.too-large': 'O conteúdo enviado é grande demais.',
  'error.form-refused':
    'Este formulário não veio da página correspondente ou a página é antiga demais. Volte, recarregue a página e tente novamente.',
  'error.app.invalid_client': 'Este app não está registrado aqui ou deixou de estar. Fale com o responsável. ({error})',
  'error.app.invalid_redirect_uri':
    'O app pediu para retornar a um endereço que não está registrado para ele. Fale com o responsável pelo app. ({error})',
  'error.app.invalid_request':
    'O app enviou uma solicitação que não foi possível entender. Volte ao app e tente novamente. ({error})',
  'error.app.unauthorized_client':
    'Este app não tem permissão para fazer login de usuários aqui. Fale com o responsável. ({error})',
  'error.app': 'Não foi possível responder à solicitação. ({error})',
};
