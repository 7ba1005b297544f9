import type { Messages } from '../catalog.ts';
import type { logon as english } from '../en/logon.ts';

/** The hosted logon, step by step. */
export const logon: Messages<typeof english> = {
  'password.title': 'Iniciar sesión en {account}',
  'password.heading': 'Iniciar sesión',
  'password.name': 'Nombre de usuario',
  'password.password': 'Contraseña',
  'password.submit': 'Iniciar sesión',
  'password.other-account': 'Iniciar sesión en otra cuenta',
  'password.wrong': 'Nombre o contraseña incorrectos.',
  'password.passkey': 'Iniciar sesión con una llave de acceso',
  'password.passkey-refused': 'Esta llave de acceso no se puede usar aquí. Inténtelo de nuevo o use su contraseña.',
  'password.go-on-as': 'Continuar como {principal}',
  'logon.begin-again-codes': 'Demasiados intentos incorrectos. Inicie sesión de nuevo desde el principio.',
  'logon.begin-again-changed':
    'Mientras tanto ha cambiado algo en su inicio de sesión, quizá la contraseña. Inicie sesión de nuevo desde el principio.',
  'logon.too-many-tries': 'Demasiados intentos. Espere un tiempo e inténtelo de nuevo.',
  'logon.remember-device': 'No volver a pedirlo en este dispositivo durante 7 días',
  'logon.remember-device-hint': 'Solo si nadie más usa este navegador.',

  'totp.title': 'Verificación en dos pasos',
  'totp.code': 'Código de verificación',
  'totp.hint': 'El código de 6 dígitos que muestra ahora su aplicación de autenticación.',
  'totp.submit': 'Verificar',
  'totp.wrong': 'Este código no es correcto o ya se usó. Espere al siguiente.',

  'recovery.title': 'Usar un código de recuperación',
  'recovery.code': 'Código de recuperación',
  'recovery.hint':
    'Uno de los códigos que guardó al configurar la verificación en dos pasos. Cada uno sirve una sola vez.',
  'recovery.wrong': 'Este código de recuperación no es correcto o ya se usó.',

  'passkey-factor.title': 'Confirme con su llave de acceso',
  'passkey-factor.one-of': 'Use una de las que ha configurado:',
  'passkey-factor.submit': 'Usar llave de acceso o de seguridad',
  'passkey-factor.wrong': 'No se ha podido verificar esta llave de acceso o llave de seguridad. Inténtelo de nuevo.',
  'passkey.failed': 'No se completó o se canceló. Inténtelo de nuevo o use otro método.',
  'passkey.known': 'Este dispositivo o esta llave ya se había configurado.',
  'passkey.unsupported': 'Este navegador no puede usar llaves de acceso aquí. Use otro método.',
  'passkey.needs-script':
    'Las llaves de acceso necesitan JavaScript, que está desactivado en este navegador. Use otro método.',

  'factor.passkey-factor': 'Usar una llave de acceso o de seguridad',
  'factor.totp': 'Usar su aplicación de autenticación',
  'factor.recovery': 'Usar un código de recuperación',

  'step-up.lead': 'Para continuar, confirme su identidad.',
  'step-up.lead-app': '<b>{app}</b> le pide que confirme su identidad.',
  'step-up.somebody-else': 'Iniciar sesión con otro usuario',
  'step-up.decline': 'Continuar sin confirmar',

  'reset.title': 'Elija una nueva contraseña',
  'reset.lead-first': 'Recibió una contraseña inicial. A partir de ahora, use una que solo usted conozca.',
  'reset.lead-expired': 'Su contraseña ha caducado.',
  'reset.new': 'Nueva contraseña',
  'reset.again': 'Repita la nueva contraseña',
  'reset.submit': 'Guardar contraseña',
  'reset.differ': 'Las contraseñas no coinciden.',
  'reset.match': 'Las contraseñas coinciden',

  'bind.title': 'Configurar una aplicación de autenticación',
  'bind.lead': 'A partir de ahora, su cuenta le pedirá un código de esta aplicación cada vez que inicie sesión.',
  'bind.scan': 'Escanee este código con la aplicación',
  'bind.qr-label': 'Código QR de la clave que aparece a continuación',
  'bind.no-camera': '¿No tiene cámara? <a>Ábralo en una aplicación de este dispositivo</a> o escriba esta clave:',
  'bind.enter': 'Introduzca el código que muestra la aplicación',
  'bind.submit': 'Verificar y continuar',
  'bind.wrong':
    'Este código no es correcto. Compruebe que la aplicación muestre esta cuenta y pruebe con el siguiente código.',

  'bind-passkey.title': 'Configurar una llave de acceso o de seguridad',
  'bind-passkey.lead': 'A partir de ahora, su cuenta se la pedirá cada vez que inicie sesión.',
  'bind-passkey.name': 'Nombre',
  'bind-passkey.name-hint': 'Para poder reconocerla, por ejemplo «Equipo del trabajo». Puede dejarlo vacío.',
  'bind-passkey.submit': 'Configurar',
  'bind-passkey.wrong': 'No se ha podido configurar. Inténtelo de nuevo o use una aplicación de autenticación.',
  'bind-passkey.app-instead': 'Usar una aplicación de autenticación',

  'recovery-codes.title': 'Guarde sus códigos de recuperación',
  'recovery-codes.lead':
    'Si pierde su dispositivo, cada uno de estos códigos le permite entrar una vez. Solo se muestran ahora: guárdelos en un gestor de contraseñas o en papel.',
  'recovery-codes.submit': 'Los he guardado',

  'consent.title': '¿Permitir el acceso de {app}?',
  'consent.asked': 'Esta aplicación solicita',
  'consent.read': 'Leer la configuración de esta cuenta',
  'consent.read-means': 'Usuarios, grupos, políticas y claves, hasta donde alcancen sus propios permisos.',
  'consent.manage': 'Administrar esta cuenta en su nombre',
  'consent.manage-means': 'Todo lo que le permitan sus propios permisos: leer, modificar y eliminar.',
  'consent.offline': 'Mantener la conexión',
  'consent.offline-means': 'Conservará este acceso aunque usted no esté presente, hasta que se le retire.',
  'consent.approve': 'Permitir',
  'consent.deny': 'No permitir',
  'consent.leads-to': 'A continuación, irá a <b>{host}</b>',

  'scope.openid': 'Su identidad',
  'scope.openid-means': 'Un número que representa su identidad, y cuándo y cómo inició sesión',
  'scope.profile': 'Su perfil',
  'scope.profile-means': 'Su nombre para mostrar y su nombre de inicio de sesión',
  'scope.email': 'Su correo electrónico',
  'scope.email-means': 'La dirección que registró su administrador',
  'scope.phone': 'Su número de teléfono',
  'scope.phone-means': 'El número que registró su administrador',
  'scope.groups': 'Sus grupos',
  'scope.groups-means': 'Los nombres de los grupos a los que pertenece',
  'scope.ram': 'Su cuenta',
  'scope.ram-means': 'Los números de su cuenta y de su usuario',
};
