import type { Messages } from '../catalog.ts';
import type { portal as english } from '../en/portal.ts';

/** A RAM user's own pages. */
export const portal: Messages<typeof english> = {
  'portal.page-title': '{title} – {account}',
  'portal.navigation': 'Votre compte',
  'portal.skip': 'Aller au contenu',
  'portal.signed-in-as': 'Connecté en tant que',
  'portal.sign-out': 'Se déconnecter',
  'portal.cancel': 'Annuler',
  'portal.back': 'Retour à la page « Sécurité »',

  'portal.section.overview': 'Vue d’ensemble',
  'portal.section.details': 'Vos informations',
  'portal.section.password': 'Mot de passe',
  'portal.section.security': 'Sécurité',
  'portal.section.access-keys': 'Clés AccessKey',
  'portal.section.sessions': 'Appareils',
  'portal.section.apps': 'Applications',
  'portal.section.activity': 'Activité',

  'portal.hello': 'Bonjour, {name}',
  'portal.apps': 'Vos applications',
  'portal.no-apps':
    'Les applications de votre organisation apparaîtront ici. D’ici là, ouvrez-les à leur propre adresse : vous êtes connecté.',
  'portal.offer.title': 'Connectez-vous plus vite et de manière plus sûre',
  'portal.offer':
    'Une clé d’accès vous permet de vous connecter avec votre empreinte, votre visage ou le verrouillage de votre appareil. Aucune fausse page ne peut la voler.',
  'portal.offer.add': 'Configurer une clé d’accès',
  'portal.permissions': 'Autorisations',
  'portal.no-permissions':
    'Vous n’avez pas encore d’autorisations dans ce compte, et les applications fonctionnent sans elles. Si vous devez gérer quelque chose ici, contactez un administrateur du compte <b>{account}</b>.',
  'portal.help': 'Qui contacter',
  'portal.security': 'La sécurité en un coup d’œil',
  'portal.two-step': 'Vérification en deux étapes',
  'portal.on': 'Activée',
  'portal.off': 'Désactivée',
  'portal.passkeys': 'Clés d’accès et clés de sécurité',
  'portal.passkey-count': '{count, plural, =0 {Aucune pour l’instant} one {# configurée} other {# configurées}}',
  'portal.recovery-codes': 'Codes de récupération',
  'portal.codes-left': '{count, plural, =0 {Aucun restant} one {# restant} other {# restants}}',
  'portal.password-set': 'Mot de passe défini',
  'portal.password-due': 'Mot de passe à changer avant le',
  'portal.last-logon': 'Dernière connexion',
  'portal.first-logon': 'C’est votre première connexion',
  'portal.overview.manage': 'Gérer',
  'portal.overview.change': 'Modifier',
  'portal.overview.see-all': 'Tout voir',
  'portal.needs-attention': '(à vérifier)',

  'portal.details.lead':
    'Les administrateurs du compte <b>{account}</b> gèrent ces informations. En cas d’erreur, contactez l’un d’eux.',
  'portal.details.display-name': 'Nom d’affichage',
  'portal.details.logon-name': 'Identifiant de connexion',
  'portal.details.email': 'Adresse e-mail',
  'portal.details.phone': 'Numéro de téléphone',
  'portal.details.user-id': 'Numéro d’utilisateur',
  'portal.details.account-id': 'Numéro de compte',
  'portal.details.none': 'Non renseigné',
  'portal.details.groups': 'Vos groupes',
  'portal.details.no-groups': 'Vous ne faites partie d’aucun groupe.',
  'portal.details.policies': 'Vos autorisations',
  'portal.details.no-policies':
    'Vous n’avez aucune autorisation dans ce compte. Les applications fonctionnent sans elles.',
  'portal.details.direct': 'Accordée directement',
  'portal.details.through': 'Par le groupe {group}',

  'portal.password.title': 'Changer votre mot de passe',
  'portal.password.lead':
    'Vous serez déconnecté partout, y compris ici. Reconnectez-vous ensuite avec le nouveau mot de passe.',
  'portal.password.old': 'Mot de passe actuel',
  'portal.password.submit': 'Changer le mot de passe',
  'portal.password.closed':
    'Dans ce compte, les administrateurs définissent les mots de passe. Contactez l’un d’eux si vous en voulez un autre.',
  'portal.ended.password.title': 'Votre mot de passe a été changé',
  'portal.ended.password': 'Vous avez été déconnecté partout. Reconnectez-vous avec le nouveau mot de passe.',
  'portal.ended.device.title': 'Suppression effectuée',
  'portal.ended.device':
    'Vous avez été déconnecté partout, afin qu’aucune session ouverte par ce moyen ne reste active.',

  'portal.closed':
    'Cette partie ne vous est pas accessible dans ce compte. Contactez un administrateur si vous en avez besoin.',

  'portal.security.lead': 'Ce qui vous sert à vous connecter, en plus de votre mot de passe.',
  'portal.security.devices': 'Clés d’accès, clés de sécurité et applications',
  'portal.security.none':
    'Rien pour l’instant : quiconque a votre mot de passe peut se connecter à votre place. Avec une clé d’accès ou une application d’authentification, le mot de passe seul ne suffit plus.',
  'portal.security.closed':
    'Les administrateurs gèrent ces éléments pour vous. Contactez l’un d’eux si un changement est nécessaire.',
  'portal.security.added': 'Ajoutée le {date}',
  'portal.security.used': 'Dernière utilisation le {date}',
  'portal.security.never-used': 'Pas encore utilisée',
  'portal.security.backed-up': 'Sauvegardée',
  'portal.security.rename': 'Renommer',
  'portal.security.new-name': 'Nouveau nom',
  'portal.security.save': 'Enregistrer',
  'portal.security.remove': 'Supprimer',
  'portal.security.add-passkey': 'Ajouter une clé d’accès ou de sécurité',
  'portal.security.add-app': 'Ajouter une application d’authentification',
  'portal.kind.totp': 'Application d’authentification',
  'portal.kind.passkey': 'Clé d’accès',
  'portal.kind.security-key': 'Clé de sécurité',
  'portal.codes.lead': 'Chacun vous permet de vous connecter une fois quand vous n’avez pas votre appareil avec vous.',
  'portal.codes.left':
    '{left, plural, =0 {Aucun code restant} one {# code restant} other {# codes restants}} sur {total}',
  'portal.codes.make': 'Créer de nouveaux codes',

  'portal.remove.title': 'Supprimer « {name} » ?',
  'portal.remove.lead':
    'Il ne sera alors plus possible de s’en servir pour se connecter à votre place. Vous serez déconnecté partout, y compris ici.',
  'portal.remove.last':
    'C’est le dernier moyen qui vous reste : ensuite, votre mot de passe suffira pour se connecter, et vos codes de récupération seront perdus.',
  'portal.remove.submit': 'Supprimer',

  'portal.proof.title': 'Confirmez votre identité',
  'portal.proof.passkey': 'Confirmez avec une clé d’accès ou de sécurité que vous avez déjà.',
  'portal.proof.passkey-button': 'Utiliser votre clé d’accès ou de sécurité',
  'portal.proof.code': 'Code de vérification',
  'portal.proof.code-hint':
    'Le code à 6 chiffres affiché en ce moment par une application d’authentification déjà configurée.',
  'portal.proof.password': 'Votre mot de passe',
  'portal.proof.other': 'Autre méthode',
  'portal.proof.by-passkey': 'Utiliser plutôt une clé d’accès ou de sécurité',
  'portal.proof.by-code': 'Utiliser plutôt un code de votre application d’authentification',
  'portal.proof.by-password': 'Utiliser plutôt votre mot de passe',

  'portal.app.title': 'Ajouter une application d’authentification',
  'portal.app.lead': 'Elle affiche toutes les 30 secondes un nouveau code, qui vous est demandé lors de la connexion.',
  'portal.app.scan': 'Scannez ce code avec l’application',
  'portal.app.codes': 'Saisissez deux codes, l’un après l’autre',
  'portal.app.codes-hint': 'Saisissez le code affiché, attendez le suivant, puis saisissez-le aussi.',
  'portal.app.code-1': 'Premier code',
  'portal.app.code-2': 'Code suivant',
  'portal.app.submit': 'Ajouter l’application',

  'portal.passkey.title': 'Ajouter une clé d’accès ou de sécurité',
  'portal.passkey.lead':
    'Avec une clé d’accès, vous vous connectez par empreinte, par visage ou avec le verrouillage de votre appareil. Une clé de sécurité est un petit appareil à part.',
  'portal.passkey.first': 'Utilisez d’abord une clé que vous avez déjà. Vous configurerez ensuite la nouvelle.',
  'portal.passkey.ready': 'Merci. Configurez maintenant la nouvelle.',
  'portal.passkey.create': 'Configurer',

  'portal.codes.title': 'Codes de récupération',
  'portal.codes.new-title': 'Vos nouveaux codes de récupération',
  'portal.codes.save':
    'Ils ne s’affichent que maintenant : conservez-les dans un gestionnaire de mots de passe ou sur papier. Chacun ne sert qu’une fois. Les anciens codes ne fonctionnent plus.',
  'portal.codes.saved': 'Je les ai enregistrés',
  'portal.codes.some-left':
    '{left, plural, =0 {Il ne vous en reste aucun.} one {Il vous en reste #.} other {Il vous en reste #.}} Les codes ne peuvent pas être affichés à nouveau, mais vous pouvez en créer de nouveaux. Les anciens ne fonctionneront alors plus.',
  'portal.codes.submit': 'Créer de nouveaux codes',
  'portal.codes.no-device':
    'Les codes de récupération remplacent une clé d’accès ou une application d’authentification. Configurez-en d’abord une, et vous recevrez des codes avec elle.',

  'portal.keys.lead':
    'Pour les programmes qui agissent en votre nom. Quiconque possède une clé peut faire tout ce que vous pouvez faire.',
  'portal.keys.none': 'Vous n’avez aucune clé AccessKey.',
  'portal.keys.create': 'Créer une clé AccessKey',
  'portal.keys.active': 'Activée',
  'portal.keys.inactive': 'Désactivée',
  'portal.keys.created': 'Créée le {date}',
  'portal.keys.expires': 'Expire le {date}',
  'portal.keys.used': 'Dernière utilisation le {date}',
  'portal.keys.never-used': 'Jamais utilisée',
  'portal.keys.enable': 'Activer',
  'portal.keys.disable': 'Désactiver',
  'portal.keys.delete': 'Supprimer',
  'portal.keys.delete-sure':
    'Les programmes qui l’utilisent cesseront aussitôt de fonctionner, et elle ne pourra pas être rétablie.',
  'portal.keys.delete-yes': 'Supprimer définitivement',
  'portal.keys.new-title': 'Votre nouvelle clé AccessKey',
  'portal.keys.new-lead':
    'Le secret ne s’affiche que maintenant. Copiez-le à l’endroit où le programme conserve ses secrets.',
  'portal.keys.id': 'ID',
  'portal.keys.secret': 'Secret',
  'portal.keys.copy-id': 'Copier l’ID',
  'portal.keys.copy-secret': 'Copier le secret',

  'portal.sessions.title': 'Où vous êtes connecté',
  'portal.sessions.lead':
    'Si vous ne reconnaissez pas l’une de ces sessions, mettez-y fin et changez votre mot de passe.',
  'portal.sessions.this': 'Ce navigateur',
  'portal.sessions.began': 'Depuis le {date}',
  'portal.sessions.used': 'Dernière utilisation le {date}',
  'portal.sessions.apps': 'Applications ouvertes avec cette session',
  'portal.sessions.end': 'Déconnecter',
  'portal.sessions.end-this': 'Se déconnecter ici',
  'portal.sessions.end-others': 'Se déconnecter partout ailleurs',
  'portal.sessions.end-all': 'Se déconnecter partout, y compris ici',
  'portal.sessions.end-all-hint': 'Si vous vous déconnectez partout, vos appareils connus sont également retirés.',
  'portal.sessions.older': 'Plus anciennes',
  'portal.devices.title': 'Appareils connus',
  'portal.devices.lead':
    'Navigateurs avec lesquels vous vous êtes déjà connecté. Vous n’y êtes pas bloqué si quelqu’un essaie ailleurs de deviner votre mot de passe.',
  'portal.devices.none': 'Aucun pour l’instant.',
  'portal.devices.seen': 'Dernière connexion le {date}',
  'portal.devices.saved': 'Deuxième étape non demandée jusqu’au {date}',
  'portal.devices.forget': 'Retirer',
  'portal.device.both': '{browser} sur {system}',
  'portal.device.one': '{name}',
  'portal.device.unknown': 'Navigateur inconnu',

  'portal.consents.title': 'Applications ayant accès',
  'portal.consents.lead': 'Applications qui vous ont demandé votre accord, et ce que vous leur permettez de voir.',
  'portal.consents.none':
    'Vous n’avez permis à aucune application de voir vos données. Celles de votre organisation n’ont pas à le demander.',
  'portal.consents.since': 'Depuis le {date}',
  'portal.consents.offline': 'Aussi en votre absence',
  'portal.consents.withdraw': 'Retirer l’accès',
  'portal.consents.withdraw-sure':
    'L’application sera aussitôt déconnectée de votre compte et devra vous redemander votre accord.',
  'portal.consents.withdraw-yes': 'Retirer',

  'portal.activity.lead':
    'Ce que vous avez fait, et ce que d’autres ont fait sur votre utilisateur. Si une action ne vient pas de vous, changez votre mot de passe et prévenez un administrateur.',
  'portal.activity.none': 'Rien pour l’instant.',
  'portal.activity.from': 'depuis {address}',
  'portal.activity.by': 'par {name}',
  'portal.activity.refused': 'Refusé',
  'portal.activity.older': 'Plus anciennes',
  'portal.activity.newest': 'Les plus récentes',

  'portal.done.device-renamed': 'Nom modifié.',
  'portal.done.passkey-added': 'Clé ajoutée. Vous pourrez l’utiliser dès votre prochaine connexion.',
  'portal.done.app-added': 'Application ajoutée. Ses codes vous seront demandés dès votre prochaine connexion.',
  'portal.done.codes-made': 'Les nouveaux codes de récupération sont prêts.',
  'portal.done.key-created': 'La clé AccessKey est prête.',
  'portal.done.key-disabled': 'La clé AccessKey est désactivée. Les programmes qui l’utilisent sont refusés.',
  'portal.done.key-enabled': 'La clé AccessKey est activée.',
  'portal.done.key-deleted': 'La clé AccessKey est supprimée.',
  'portal.done.session-ended': 'Cette session a été fermée.',
  'portal.done.sessions-ended': 'Vous êtes déconnecté partout ailleurs.',
  'portal.done.device-forgotten': 'L’appareil a été retiré.',
  'portal.done.consent-withdrawn': 'L’application n’a plus accès.',

  'portal.fault.password': 'Saisissez votre mot de passe.',
  'portal.fault.name': 'Un nom comporte de 1 à 64 caractères.',
  'portal.fault.code': 'Un code comporte six chiffres.',
  'portal.fault.passkey': 'La configuration a échoué. Réessayez.',
  'portal.refused.wrong-password': 'Le mot de passe actuel est incorrect.',
  'portal.refused.wrong-proof': 'La saisie est incorrecte ou a déjà été utilisée. Réessayez avec le code suivant.',
  'portal.refused.last-administrator':
    'Vous êtes le dernier administrateur de ce compte : il n’en aurait alors plus aucun.',
  'portal.refused.passkey-known': 'Cette clé d’accès ou de sécurité est déjà configurée.',
  'portal.refused.gone': 'Cet élément n’existe plus. Il a peut-être été supprimé dans un autre onglet.',
  'portal.refused.too-many-keys': 'Vous avez atteint le nombre maximal de clés AccessKey. Supprimez-en d’abord une.',
  'portal.refused.too-many-devices': 'Vous avez atteint le nombre maximal. Supprimez d’abord un élément.',
  'portal.refused.changed-meanwhile': 'Quelque chose a changé entre-temps. Réessayez.',
};
