import type { Messages } from '../catalog.ts';
import type { surroundings as english } from '../en/surroundings.ts';

/** What every kind of page can say: layouts, errors, the ways in and out. */
export const surroundings: Messages<typeof english> = {
  'common.continue': 'Continuar',
  'common.error-title': 'Error: {title}',
  'common.show': 'Mostrar',
  'common.hide': 'Ocultar',
  'common.copy': 'Copiar',
  'common.copy-all': 'Copiar todo',
  'common.copied': 'Copiado',
  'common.copying-refused': 'No se permite copiar aquí. Seleccione el texto y cópielo manualmente.',
  'common.caps-lock': 'El bloqueo de mayúsculas está activado',
  'common.language': 'Idioma',
  'common.try-again-in': 'Puede volver a intentarlo en {time}.',
  'common.try-again-now': 'Ya puede volver a intentarlo.',
  'common.logging-on-as': 'Iniciando sesión como',
  'common.towards': 'para continuar en <b>{app}</b>',
  'common.to-logon-page': 'Ir a la página de inicio de sesión',
  'common.to-your-logon-page': 'Ir a su página de inicio de sesión',
  'common.reference': 'Referencia para soporte: <code>{id}</code>',

  'general.title': 'Iniciar sesión',
  'general.name': 'Nombre de usuario',
  'general.hint': 'Nombre y cuenta, por ejemplo <code>alice@acme</code>',
  'general.no-alias': 'Escriba su nombre de inicio de sesión como usuario@alias, por ejemplo alice@acme.',
  'general.unknown-alias': 'Aquí no hay ninguna cuenta con ese nombre. Compruebe lo que sigue a la @.',

  'stale.title': 'Esta página ya no es válida',
  'stale.lead':
    'Este inicio de sesión ya se completó, quizá en otra pestaña, o pasó demasiado tiempo. No se ha perdido nada.',
  'stale.start-again': 'Empezar de nuevo',
  'stale.towards': 'Se dirigía a <b>{app}</b>',

  'handover.title': 'Un momento',
  'handover.lead': 'Se le está redirigiendo. Si no ocurre nada, haga clic en el botón.',

  'sign-out.title': '¿Cerrar sesión?',
  'sign-out.lead-app':
    '<b>{app}</b> solicita cerrar su sesión. También se cerrarán las demás aplicaciones abiertas con ella.',
  'sign-out.lead': 'Se cerrará su sesión aquí y en las aplicaciones abiertas con ella.',
  'sign-out.yes': 'Cerrar sesión',
  'sign-out.no': 'Mantener la sesión abierta',
  'signed-out.title': 'Ha cerrado sesión',
  'signed-out.left': 'Ha salido de <b>{app}</b>.',
  'signed-out.shared': 'Si usa un equipo compartido, cierre también el navegador.',
  'signed-out.log-on-again': 'Volver a iniciar sesión',

  'error.did-not-work': 'No se ha podido completar la acción',
  'error.not-found.title': 'Aquí no hay nada',
  'error.not-found': 'Es posible que la dirección esté mal escrita o que su contenido ya no exista.',
  'error.suspended.title': 'Esta cuenta está suspendida',
  'error.suspended': 'Por el momento, nadie puede iniciar sesión en ella. Consulte al responsable de este servicio.',
  'error.away.title': 'Volvemos enseguida',
  'error.away':
    'En este momento no podemos acceder a nuestro almacenamiento. No se ha perdido nada; inténtelo de nuevo en unos segundos.',
  'error.busy.title': 'El servicio está muy ocupado',
  'error.busy': 'No se ha perdido nada; inténtelo de nuevo en unos segundos.',
  'error.ours.title': 'Se ha producido un error',
  'error.ours': 'El problema es nuestro. Si persiste, avise al responsable de este servicio.',
  'error.ended-meanwhile':
    'Este inicio de sesión se canceló o se completó mientras tanto. Vuelva a la aplicación y empiece de nuevo.',
  'error.logon-over.title': 'Este inicio de sesión ha terminado',
  'error.logon-over':
    'Este inicio de sesión ha caducado o ya se había completado. Vuelva a la aplicación y empiece de nuevo.',
  'error.answered-already': 'Este paso ya se completó, quizá en otra pestaña. Vuelva a cargar la página.',
  'error.malformed': 'No se entiende lo que se envió. Vuelva atrás, recargue la página e inténtelo de nuevo.',
  'error.no-permission': 'No tiene permiso para hacer esto. Consulte a un administrador de su cuenta.',
  'error.refused': 'No se puede hacer esto en este momento. Vuelva atrás, recargue la página e inténtelo de nuevo.',
  'error.throttled': 'Demasiados intentos. Espere unos minutos e inténtelo de nuevo.',
  'error.too-large': 'Lo que se envió es demasiado grande.',
  'error.form-refused':
    'Este formulario no procede de la página correspondiente o la página es demasiado antigua. Vuelva atrás, recárguela e inténtelo de nuevo.',
  'error.app.invalid_client':
    'Esta aplicación no está registrada aquí o ya no lo está. Consulte a su responsable. ({error})',
  'error.app.invalid_redirect_uri':
    'La aplicación pidió volver a una dirección que no tiene registrada. Consulte al responsable de la aplicación. ({error})',
  'error.app.invalid_request':
    'La aplicación envió una solicitud que no se entiende. Vuelva a la aplicación e inténtelo de nuevo. ({error})',
  'error.app.unauthorized_client':
    'Esta aplicación no tiene permiso para iniciar sesiones de usuario aquí. Consulte a su responsable. ({error})',
  'error.app': 'No se ha podido responder a la solicitud. ({error})',
};
