import type { Messages } from '../catalog.ts';
import type { logon as english } from '../en/logon.ts';

/** The hosted logon, step by step. */
export const logon: Messages<typeof english> = {
  'password.title': 'Connexion à {account}',
  'password.heading': 'Connexion',
  'password.name': 'Nom d’utilisateur',
  'password.password': 'Mot de passe',
  'password.submit': 'Se connecter',
  'password.other-account': 'Se connecter à un autre compte',
  'password.wrong': 'Le nom d’utilisateur ou le mot de passe est incorrect.',
  'password.passkey': 'Se connecter avec une clé d’accès',
  'password.passkey-refused':
    'Cette clé d’accès ne peut pas être utilisée ici. Réessayez ou utilisez votre mot de passe.',
  'password.go-on-as': 'Continuer en tant que {principal}',
  'logon.begin-again-codes': 'Trop de saisies incorrectes. Reprenez la connexion depuis le début.',
  'logon.begin-again-changed':
    'Un élément de votre connexion a changé entre-temps, peut-être votre mot de passe. Reprenez la connexion depuis le début.',
  'logon.too-many-tries': 'Trop de tentatives. Patientez un moment, puis réessayez.',
  'logon.remember-device': 'Ne plus demander sur cet appareil pendant 7 jours',
  'logon.remember-device-hint': 'Uniquement si personne d’autre n’utilise ce navigateur.',

  'totp.title': 'Vérification en deux étapes',
  'totp.code': 'Code de vérification',
  'totp.hint': 'Le code à 6 chiffres affiché en ce moment par votre application d’authentification.',
  'totp.submit': 'Valider',
  'totp.wrong': 'Ce code est incorrect ou a déjà été utilisé. Attendez le suivant.',

  'recovery.title': 'Utiliser un code de récupération',
  'recovery.code': 'Code de récupération',
  'recovery.hint':
    'L’un des codes enregistrés lors de la configuration de la vérification en deux étapes. Chacun ne sert qu’une fois.',
  'recovery.wrong': 'Ce code de récupération est incorrect ou a déjà été utilisé.',

  'passkey-factor.title': 'Confirmer avec votre clé d’accès',
  'passkey-factor.one-of': 'Utilisez l’une de celles que vous avez configurées :',
  'passkey-factor.submit': 'Utiliser une clé d’accès ou de sécurité',
  'passkey-factor.wrong': 'Cette clé d’accès ou de sécurité n’a pas pu être vérifiée. Réessayez.',
  'passkey.failed': 'L’opération a échoué ou a été annulée. Réessayez ou utilisez une autre méthode.',
  'passkey.known': 'Cet appareil ou cette clé est déjà configuré.',
  'passkey.unsupported': 'Ce navigateur ne prend pas en charge les clés d’accès ici. Utilisez une autre méthode.',
  'passkey.needs-script':
    'Les clés d’accès nécessitent JavaScript, qui est désactivé dans ce navigateur. Utilisez une autre méthode.',

  'factor.passkey-factor': 'Utiliser plutôt une clé d’accès ou de sécurité',
  'factor.totp': 'Utiliser plutôt votre application d’authentification',
  'factor.recovery': 'Utiliser plutôt un code de récupération',

  'step-up.lead': 'Pour continuer, confirmez votre identité.',
  'step-up.lead-app': '<b>{app}</b> vous demande de confirmer votre identité.',
  'step-up.somebody-else': 'Se connecter en tant que quelqu’un d’autre',
  'step-up.decline': 'Continuer sans confirmer',

  'reset.title': 'Choisir un nouveau mot de passe',
  'reset.lead-first':
    'Vous avez reçu un mot de passe initial. Utilisez désormais un mot de passe que personne d’autre ne connaît.',
  'reset.lead-expired': 'Votre mot de passe a expiré.',
  'reset.new': 'Nouveau mot de passe',
  'reset.again': 'Confirmer le nouveau mot de passe',
  'reset.submit': 'Enregistrer le mot de passe',
  'reset.differ': 'Les deux saisies sont différentes.',
  'reset.match': 'Les deux saisies sont identiques',

  'bind.title': 'Configurer une application d’authentification',
  'bind.lead': 'Désormais, votre compte demandera un code de cette application à chaque connexion.',
  'bind.scan': 'Scannez ce code avec l’application',
  'bind.qr-label': 'Code QR de la clé ci-dessous',
  'bind.no-camera':
    'Pas d’appareil photo ? <a>Ouvrez la clé dans une application sur cet appareil</a>, ou saisissez-la :',
  'bind.enter': 'Saisissez le code affiché',
  'bind.submit': 'Valider et continuer',
  'bind.wrong': 'Ce code est incorrect. Vérifiez que l’application affiche ce compte, puis essayez le code suivant.',

  'bind-passkey.title': 'Configurer une clé d’accès ou de sécurité',
  'bind-passkey.lead': 'Désormais, votre compte la demandera à chaque connexion.',
  'bind-passkey.name': 'Nom',
  'bind-passkey.name-hint':
    'Pour la reconnaître, par exemple « Ordinateur du bureau ». Vous pouvez laisser ce champ vide.',
  'bind-passkey.submit': 'Configurer',
  'bind-passkey.wrong': 'La configuration a échoué. Réessayez ou utilisez plutôt une application d’authentification.',
  'bind-passkey.app-instead': 'Utiliser plutôt une application d’authentification',

  'recovery-codes.title': 'Enregistrez vos codes de récupération',
  'recovery-codes.lead':
    'Si vous perdez votre appareil, chacun de ces codes vous permet de vous connecter une fois. Ils ne s’affichent que maintenant : conservez-les dans un gestionnaire de mots de passe ou sur papier.',
  'recovery-codes.submit': 'Je les ai enregistrés',

  'consent.title': 'Autoriser {app} ?',
  'consent.asked': 'Cette application demande',
  'consent.read': 'La lecture des paramètres de ce compte',
  'consent.read-means': 'Utilisateurs, groupes, stratégies et clés, dans la limite de vos propres autorisations.',
  'consent.manage': 'La gestion de ce compte en votre nom',
  'consent.manage-means': 'Tout ce que vos propres autorisations permettent : lire, modifier et supprimer.',
  'consent.offline': 'Un accès permanent',
  'consent.offline-means': 'Elle conserve cet accès en votre absence, jusqu’à ce qu’il soit retiré.',
  'consent.approve': 'Autoriser',
  'consent.deny': 'Ne pas autoriser',
  'consent.leads-to': 'Vous serez redirigé vers <b>{host}</b>',

  'scope.openid': 'Votre identité',
  'scope.openid-means': 'Un numéro qui vous représente, et quand et comment vous vous êtes connecté',
  'scope.profile': 'Votre profil',
  'scope.profile-means': 'Votre nom d’affichage et votre identifiant de connexion',
  'scope.email': 'Votre adresse e-mail',
  'scope.email-means': 'L’adresse indiquée par votre administrateur',
  'scope.phone': 'Votre numéro de téléphone',
  'scope.phone-means': 'Le numéro indiqué par votre administrateur',
  'scope.groups': 'Vos groupes',
  'scope.groups-means': 'Les noms des groupes dont vous faites partie',
  'scope.ram': 'Votre compte',
  'scope.ram-means': 'Les numéros de votre compte et de votre utilisateur',
};
