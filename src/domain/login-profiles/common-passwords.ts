import { dictionary } from '@zxcvbn-ts/language-common';
import { lookAlikeOf } from './look-alikes.ts';

/** What the list of zxcvbn, gathered from breaches before 2015 and mostly English, does not have. */
const addedWords = `
  change-me welcomeback defaultpassword supersecret qwertz qwertzuiop zaq1zaq1 poiuytrewq mnbvcxz 12345asdf 20202020 charmander
  administrador adminadmin superuser rootroot rootpassword toor toortoor guestguest demodemo useruser userpassword login loginlogin
  postgres mysql mysqlroot mongodb redis ubuntu debian centos twitter linkedin aliyun taobao tencent wechat github gitlab
  kubernetes ansible terraform keycloak fortinet corporate
`;

/**
 * Some 49,000 passwords that guessing begins with, by what they look like. Import this file when it is first wanted: it takes some 80 ms of the
 * processor and stays loaded then.
 */
export const commonPasswords: ReadonlySet<string> = new Set(
  [...dictionary['passwords-common'], ...addedWords.trim().split(/\s+/)].map(lookAlikeOf),
);
