import type { Messages } from '../catalog.ts';
import type { logon as english } from '../en/logon.ts';

/** The hosted logon, step by step. */
export const logon: Messages<typeof english> = {
  'password.title': 'Fazer login em {account}',
  'password.heading': 'Fazer login',
  'password.name': 'Nome de usuário',
  'password.password': 'Senha',
  'password.submit': 'Fazer login',
  'password.other-account': 'Fazer login em outra conta',
  'password.wrong': 'Nome ou senha incorretos.',
  'password.passkey': 'Fazer login com uma chave de acesso',
  'password.passkey-refused': 'Esta chave de acesso não pode ser usada aqui. Tente novamente ou use sua senha.',
  'password.go-on-as': 'Continuar como {principal}',
  'logon.begin-again-codes': 'Muitas tentativas incorretas. Faça login novamente desde o início.',
  'logon.begin-again-changed':
    'Algo mudou no seu login nesse meio-tempo, talvez sua senha. Faça login novamente desde o início.',
  'logon.too-many-tries': 'Muitas tentativas. Aguarde um pouco e tente novamente.',
  'logon.remember-device': 'Não pedir isso novamente neste dispositivo por 7 dias',
  'logon.remember-device-hint': 'Somente se ninguém mais usar este navegador.',

  'totp.title': 'Verificação em duas etapas',
  'totp.code': 'Código de verificação',
  'totp.hint': 'O código de 6 dígitos que seu app autenticador mostra agora.',
  'totp.submit': 'Verificar',
  'totp.wrong': 'Este código não está correto ou já foi usado. Aguarde o próximo.',

  'recovery.title': 'Usar um código de recuperação',
  'recovery.code': 'Código de recuperação',
  'recovery.hint':
    'Um dos códigos que você salvou ao configurar a verificação em duas etapas. Cada um funciona uma única vez.',
  'recovery.wrong': 'Este código de recuperação não está correto ou já foi usado.',

  'passkey-factor.title': 'Confirme com sua chave de acesso',
  'passkey-factor.one-of': 'Use uma das que você configurou:',
  'passkey-factor.submit': 'Usar chave de acesso ou de segurança',
  'passkey-factor.wrong': 'Não foi possível verificar esta chave de acesso ou chave de segurança. Tente novamente.',
  'passkey.failed': 'Isso não funcionou ou foi cancelado. Tente novamente ou use outro método.',
  'passkey.known': 'Este dispositivo ou esta chave já foi configurado.',
  'passkey.unsupported': 'Este navegador não pode usar chaves de acesso aqui. Use outro método.',
  'passkey.needs-script':
    'As chaves de acesso precisam do JavaScript, que está desativado neste navegador. Use outro método.',

  'factor.passkey-factor': 'Usar uma chave de acesso ou de segurança',
  'factor.totp': 'Usar seu app autenticador',
  'factor.recovery': 'Usar um código de recuperação',

  'step-up.lead': 'Para continuar, confirme que é você.',
  'step-up.lead-app': '<b>{app}</b> está pedindo que você confirme sua identidade.',
  'step-up.somebody-else': 'Fazer login com outro usuário',
  'step-up.decline': 'Continuar sem confirmar',

  'reset.title': 'Escolha uma nova senha',
  'reset.lead-first': 'Você recebeu uma senha inicial. A partir de agora, use uma que só você conheça.',
  'reset.lead-expired': 'Sua senha expirou.',
  'reset.new': 'Nova senha',
  'reset.again': 'Repita a nova senha',
  'reset.submit': 'Salvar senha',
  'reset.differ': 'As senhas não coincidem.',
  'reset.match': 'As senhas coincidem',

  'bind.title': 'Configurar um app autenticador',
  'bind.lead': 'A partir de agora, sua conta pedirá um código do app sempre que você fizer login.',
  'bind.scan': 'Escaneie este código com o app',
  'bind.qr-label': 'QR code da chave abaixo',
  'bind.no-camera': 'Sem câmera? <a>Abra em um app deste dispositivo</a> ou digite esta chave:',
  'bind.enter': 'Insira o código que o app mostra',
  'bind.submit': 'Verificar e continuar',
  'bind.wrong': 'Este código não está correto. Verifique se o app mostra esta conta e tente o próximo código.',

  'bind-passkey.title': 'Configurar uma chave de acesso ou de segurança',
  'bind-passkey.lead': 'A partir de agora, sua conta pedirá essa chave sempre que você fizer login.',
  'bind-passkey.name': 'Nome',
  'bind-passkey.name-hint': 'Para você reconhecê-la, por exemplo “Notebook do trabalho”. Pode ficar em branco.',
  'bind-passkey.submit': 'Configurar',
  'bind-passkey.wrong': 'Não foi possível configurar. Tente novamente ou use um app autenticador.',
  'bind-passkey.app-instead': 'Usar um app autenticador',

  'recovery-codes.title': 'Salve seus códigos de recuperação',
  'recovery-codes.lead':
    'Se você perder seu dispositivo, cada um destes códigos permite entrar uma vez. Eles são mostrados somente agora: guarde-os em um gerenciador de senhas ou em papel.',
  'recovery-codes.submit': 'Já salvei',

  'consent.title': 'Permitir o acesso de {app}?',
  'consent.asked': 'Este app solicita',
  'consent.read': 'Ler as configurações desta conta',
  'consent.read-means': 'Usuários, grupos, políticas e chaves, até onde suas próprias permissões alcançam.',
  'consent.manage': 'Gerenciar esta conta em seu nome',
  'consent.manage-means': 'Tudo o que suas próprias permissões permitem: ler, alterar e excluir.',
  'consent.offline': 'Manter a conexão',
  'consent.offline-means': 'O app mantém este acesso mesmo na sua ausência, até que ele seja removido.',
  'consent.approve': 'Permitir',
  'consent.deny': 'Não permitir',
  'consent.leads-to': 'Em seguida, você irá para <b>{host}</b>',

  'scope.openid': 'Sua identidade',
  'scope.openid-means': 'Um número que representa você, e quando e como você fez login',
  'scope.profile': 'Seu perfil',
  'scope.profile-means': 'Seu nome de exibição e seu nome de login',
  'scope.email': 'Seu e-mail',
  'scope.email-means': 'O endereço que seu administrador cadastrou',
  'scope.phone': 'Seu número de telefone',
  'scope.phone-means': 'O número que seu administrador cadastrou',
  'scope.groups': 'Seus grupos',
  'scope.groups-means': 'Os nomes dos grupos a que você pertence',
  'scope.ram': 'Sua conta',
  'scope.ram-means': 'Os números da sua conta e do seu usuário',
};
