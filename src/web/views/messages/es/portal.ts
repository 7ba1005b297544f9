import type { Messages } from '../catalog.ts';
import type { portal as english } from '../en/portal.ts';

/** A RAM user's own pages. */
export const portal: Messages<typeof english> = {
  'portal.page-title': '{title} – {account}',
  'portal.navigation': 'Su cuenta',
  'portal.skip': 'Ir al contenido',
  'portal.signed-in-as': 'Sesión iniciada como',
  'portal.sign-out': 'Cerrar sesión',
  'portal.cancel': 'Cancelar',
  'portal.back': 'Volver a Seguridad',

  'portal.section.overview': 'Resumen',
  'portal.section.details': 'Sus datos',
  'portal.section.password': 'Contraseña',
  'portal.section.security': 'Seguridad',
  'portal.section.access-keys': 'Claves AccessKey',
  'portal.section.sessions': 'Dispositivos',
  'portal.section.apps': 'Aplicaciones',
  'portal.section.activity': 'Actividad',

  'portal.hello': 'Hola, {name}',
  'portal.apps': 'Sus aplicaciones',
  'portal.no-apps':
    'Aquí aparecerán las aplicaciones de su organización. Mientras tanto, ábralas desde su propia dirección: ya ha iniciado sesión.',
  'portal.offer.title': 'Inicie sesión de forma más rápida y segura',
  'portal.offer':
    'Con una llave de acceso, puede iniciar sesión con la huella digital, el rostro o el bloqueo de su dispositivo. Nadie puede robarla con una página falsa.',
  'portal.offer.add': 'Configurar una llave de acceso',
  'portal.permissions': 'Permisos',
  'portal.no-permissions':
    'Aún no tiene permisos en esta cuenta; las aplicaciones funcionan sin ellos. Si necesita administrar algo aquí, consulte a un administrador de <b>{account}</b>.',
  'portal.help': 'A quién consultar',
  'portal.security': 'Resumen de seguridad',
  'portal.two-step': 'Verificación en dos pasos',
  'portal.on': 'Activada',
  'portal.off': 'Desactivada',
  'portal.passkeys': 'Llaves de acceso y de seguridad',
  'portal.passkey-count': '{count, plural, =0 {Ninguna todavía} one {# configurada} other {# configuradas}}',
  'portal.recovery-codes': 'Códigos de recuperación',
  'portal.codes-left': '{count, plural, =0 {No queda ninguno} one {Queda #} other {Quedan #}}',
  'portal.password-set': 'Contraseña establecida',
  'portal.password-due': 'Fecha límite para cambiar la contraseña',
  'portal.last-logon': 'Último inicio de sesión',
  'portal.first-logon': 'Este es el primero',
  'portal.overview.manage': 'Administrar',
  'portal.overview.change': 'Cambiar',
  'portal.overview.see-all': 'Ver todo',
  'portal.needs-attention': '(requiere atención)',

  'portal.details.lead':
    'Los administradores de <b>{account}</b> gestionan estos datos. Si algo no es correcto, consulte a uno de ellos.',
  'portal.details.display-name': 'Nombre para mostrar',
  'portal.details.logon-name': 'Nombre de inicio de sesión',
  'portal.details.email': 'Correo electrónico',
  'portal.details.phone': 'Número de teléfono',
  'portal.details.user-id': 'Número de usuario',
  'portal.details.account-id': 'Número de cuenta',
  'portal.details.none': 'Sin registrar',
  'portal.details.groups': 'Sus grupos',
  'portal.details.no-groups': 'No pertenece a ningún grupo.',
  'portal.details.policies': 'Sus permisos',
  'portal.details.no-policies': 'No tiene permisos en esta cuenta. Las aplicaciones funcionan sin ellos.',
  'portal.details.direct': 'Asignación directa',
  'portal.details.through': 'A través del grupo {group}',

  'portal.password.title': 'Cambiar la contraseña',
  'portal.password.lead':
    'Se cerrará su sesión en todas partes, también aquí. Después, inicie sesión con la nueva contraseña.',
  'portal.password.old': 'Contraseña actual',
  'portal.password.submit': 'Cambiar contraseña',
  'portal.password.closed':
    'En esta cuenta, los administradores establecen las contraseñas. Si necesita otra, consulte a uno de ellos.',
  'portal.ended.password.title': 'Su contraseña ha cambiado',
  'portal.ended.password': 'Se ha cerrado su sesión en todas partes. Inicie sesión con la nueva contraseña.',
  'portal.ended.device.title': 'Se ha eliminado',
  'portal.ended.device':
    'Se ha cerrado su sesión en todas partes para que no siga abierto nada que se haya abierto con este método.',

  'portal.closed':
    'En esta cuenta, esta sección no está disponible para usted. Si la necesita, consulte a un administrador.',

  'portal.security.lead': 'Los métodos con los que inicia sesión, además de su contraseña.',
  'portal.security.devices': 'Llaves de acceso, llaves de seguridad y aplicaciones',
  'portal.security.none':
    'Nada todavía: cualquiera que tenga su contraseña puede iniciar sesión en su nombre. Configure una llave de acceso o una aplicación de autenticación y la contraseña ya no bastará.',
  'portal.security.closed':
    'Los administradores gestionan estos métodos por usted. Si hay que cambiar algo, consulte a uno de ellos.',
  'portal.security.added': 'Agregada el {date}',
  'portal.security.used': 'Último uso: {date}',
  'portal.security.never-used': 'Sin usar todavía',
  'portal.security.backed-up': 'Con copia de seguridad',
  'portal.security.rename': 'Cambiar nombre',
  'portal.security.new-name': 'Nuevo nombre',
  'portal.security.save': 'Guardar',
  'portal.security.remove': 'Eliminar',
  'portal.security.add-passkey': 'Agregar una llave de acceso o de seguridad',
  'portal.security.add-app': 'Agregar una aplicación de autenticación',
  'portal.kind.totp': 'Aplicación de autenticación',
  'portal.kind.passkey': 'Llave de acceso',
  'portal.kind.security-key': 'Llave de seguridad',
  'portal.codes.lead': 'Cada uno le permite entrar una vez cuando no tiene su dispositivo a mano.',
  'portal.codes.left':
    '{left, plural, =0 {No queda ninguno de {total}} one {Queda # de {total}} other {Quedan # de {total}}}',
  'portal.codes.make': 'Generar nuevos códigos',

  'portal.remove.title': '¿Eliminar «{name}»?',
  'portal.remove.lead':
    'Ya no se podrá usar para iniciar sesión en su nombre. Se cerrará su sesión en todas partes, también aquí.',
  'portal.remove.last':
    'Es el último método que tiene: después, bastará su contraseña para entrar y sus códigos de recuperación se eliminarán.',
  'portal.remove.submit': 'Eliminar',

  'portal.proof.title': 'Confirme su identidad',
  'portal.proof.passkey': 'Confirme con una llave de acceso o de seguridad que ya tenga.',
  'portal.proof.passkey-button': 'Usar su llave de acceso o de seguridad',
  'portal.proof.code': 'Código de verificación',
  'portal.proof.code-hint':
    'El código de 6 dígitos que muestra ahora una aplicación de autenticación que ya tenga configurada.',
  'portal.proof.password': 'Su contraseña',
  'portal.proof.other': 'Otro método',
  'portal.proof.by-passkey': 'Usar una llave de acceso o de seguridad',
  'portal.proof.by-code': 'Usar un código de su aplicación de autenticación',
  'portal.proof.by-password': 'Usar su contraseña',

  'portal.app.title': 'Agregar una aplicación de autenticación',
  'portal.app.lead': 'Muestra cada 30 segundos un código nuevo, que se le pedirá al iniciar sesión.',
  'portal.app.scan': 'Escanee este código con la aplicación',
  'portal.app.codes': 'Introduzca dos códigos consecutivos',
  'portal.app.codes-hint': 'Introduzca el código que muestra, espere al siguiente e introdúzcalo también.',
  'portal.app.code-1': 'Primer código',
  'portal.app.code-2': 'Código siguiente',
  'portal.app.submit': 'Agregar la aplicación',

  'portal.passkey.title': 'Agregar una llave de acceso o de seguridad',
  'portal.passkey.lead':
    'Con una llave de acceso, puede iniciar sesión con la huella digital, el rostro o el bloqueo de su dispositivo. Una llave de seguridad es un pequeño dispositivo independiente.',
  'portal.passkey.first': 'Primero, use una que ya tenga. Después, podrá configurar la nueva.',
  'portal.passkey.ready': 'Gracias. Ahora configure la nueva.',
  'portal.passkey.create': 'Configurar',

  'portal.codes.title': 'Códigos de recuperación',
  'portal.codes.new-title': 'Sus nuevos códigos de recuperación',
  'portal.codes.save':
    'Solo se muestran ahora: guárdelos en un gestor de contraseñas o en papel. Cada uno sirve una sola vez. Los códigos anteriores ya no funcionan.',
  'portal.codes.saved': 'Los he guardado',
  'portal.codes.some-left':
    '{left, plural, =0 {No le queda ninguno.} one {Le queda #.} other {Le quedan #.}} No se pueden volver a mostrar, pero puede generar otros. Los anteriores dejarán de funcionar.',
  'portal.codes.submit': 'Generar nuevos códigos',
  'portal.codes.no-device':
    'Los códigos de recuperación sustituyen a una llave de acceso o a una aplicación de autenticación. Configure primero una de ellas y recibirá los códigos.',

  'portal.keys.lead':
    'Para programas que actúan en su nombre. Quien tenga una clave puede hacer todo lo que usted puede hacer.',
  'portal.keys.none': 'No tiene ninguna clave AccessKey.',
  'portal.keys.create': 'Crear una clave AccessKey',
  'portal.keys.active': 'Habilitada',
  'portal.keys.inactive': 'Deshabilitada',
  'portal.keys.created': 'Creada el {date}',
  'portal.keys.expires': 'Caduca el {date}',
  'portal.keys.used': 'Último uso: {date}',
  'portal.keys.never-used': 'Sin usar',
  'portal.keys.enable': 'Habilitar',
  'portal.keys.disable': 'Deshabilitar',
  'portal.keys.delete': 'Eliminar',
  'portal.keys.delete-sure':
    'Los programas que la usan dejarán de funcionar de inmediato y la clave no se podrá recuperar.',
  'portal.keys.delete-yes': 'Eliminar definitivamente',
  'portal.keys.new-title': 'Su nueva clave AccessKey',
  'portal.keys.new-lead': 'El secreto solo se muestra ahora. Cópielo donde el programa guarde sus secretos.',
  'portal.keys.id': 'ID',
  'portal.keys.secret': 'Secreto',
  'portal.keys.copy-id': 'Copiar el ID',
  'portal.keys.copy-secret': 'Copiar el secreto',

  'portal.sessions.title': 'Dónde ha iniciado sesión',
  'portal.sessions.lead': 'Si no reconoce alguna de estas sesiones, ciérrela y cambie su contraseña.',
  'portal.sessions.this': 'Este navegador',
  'portal.sessions.began': 'Desde el {date}',
  'portal.sessions.used': 'Último uso: {date}',
  'portal.sessions.apps': 'Aplicaciones abiertas con esta sesión',
  'portal.sessions.end': 'Cerrar esa sesión',
  'portal.sessions.end-this': 'Cerrar sesión aquí',
  'portal.sessions.end-others': 'Cerrar las demás sesiones',
  'portal.sessions.older': 'Anteriores',
  'portal.devices.title': 'Dispositivos conocidos',
  'portal.devices.lead':
    'Navegadores con los que ya ha iniciado sesión. Si alguien intenta adivinar su contraseña desde otro lugar, su acceso desde ellos no se ve afectado.',
  'portal.devices.none': 'Ninguno todavía.',
  'portal.devices.seen': 'Último inicio de sesión: {date}',
  'portal.devices.saved': 'No se pedirá el segundo paso hasta el {date}',
  'portal.devices.forget': 'Olvidar',
  'portal.device.both': '{browser} en {system}',
  'portal.device.one': '{name}',
  'portal.device.unknown': 'Navegador sin identificar',

  'portal.consents.title': 'Aplicaciones con acceso',
  'portal.consents.lead': 'Aplicaciones que le pidieron permiso y lo que les permitió ver.',
  'portal.consents.none':
    'No ha permitido a ninguna aplicación ver sus datos. Las aplicaciones de su organización no necesitan pedir permiso.',
  'portal.consents.since': 'Desde el {date}',
  'portal.consents.offline': 'También cuando usted no está presente',
  'portal.consents.withdraw': 'Retirar acceso',
  'portal.consents.withdraw-sure':
    'La aplicación saldrá de su cuenta de inmediato y tendrá que volver a pedirle permiso.',
  'portal.consents.withdraw-yes': 'Sí, retirar acceso',

  'portal.activity.lead':
    'Lo que ha hecho usted y lo que otros han hecho en su usuario. Si no reconoce algo, cambie su contraseña y avise a un administrador.',
  'portal.activity.none': 'Nada todavía.',
  'portal.activity.from': 'desde {address}',
  'portal.activity.by': 'por {name}',
  'portal.activity.refused': 'Rechazado',
  'portal.activity.older': 'Anteriores',
  'portal.activity.newest': 'Más recientes',

  'portal.done.device-renamed': 'Se ha cambiado el nombre.',
  'portal.done.passkey-added': 'Agregada. Puede usarla a partir del próximo inicio de sesión.',
  'portal.done.app-added': 'Agregada. Se le pedirán sus códigos a partir del próximo inicio de sesión.',
  'portal.done.codes-made': 'Los nuevos códigos de recuperación están listos.',
  'portal.done.key-created': 'La clave AccessKey está lista.',
  'portal.done.key-disabled': 'La clave AccessKey está deshabilitada. Se rechazarán los programas que la usen.',
  'portal.done.key-enabled': 'La clave AccessKey está habilitada.',
  'portal.done.key-deleted': 'Se ha eliminado la clave AccessKey.',
  'portal.done.session-ended': 'Se ha cerrado esa sesión.',
  'portal.done.sessions-ended': 'Se han cerrado las demás sesiones.',
  'portal.done.device-forgotten': 'Se ha olvidado el dispositivo.',
  'portal.done.consent-withdrawn': 'La aplicación ya no tiene acceso.',

  'portal.fault.password': 'Escriba su contraseña.',
  'portal.fault.name': 'El nombre debe tener entre 1 y 64 caracteres.',
  'portal.fault.code': 'El código debe tener seis dígitos.',
  'portal.fault.passkey': 'No se ha podido configurar. Inténtelo de nuevo.',
  'portal.refused.wrong-password': 'La contraseña actual no es correcta.',
  'portal.refused.wrong-proof': 'No es correcto o ya se usó. Inténtelo de nuevo con el siguiente código.',
  'portal.refused.last-administrator':
    'Usted es el último administrador de esta cuenta: con esto, se quedaría sin ninguno.',
  'portal.refused.passkey-known': 'Esta llave de acceso o de seguridad ya está configurada.',
  'portal.refused.gone': 'Ya no existe. Es posible que se haya eliminado en otra pestaña.',
  'portal.refused.too-many-keys': 'Ha alcanzado el máximo de claves AccessKey permitido. Elimine una primero.',
  'portal.refused.too-many-devices': 'Ha alcanzado el máximo permitido. Elimine una primero.',
  'portal.refused.changed-meanwhile': 'Algo ha cambiado mientras tanto. Inténtelo de nuevo.',
};
