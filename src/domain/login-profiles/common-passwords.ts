/**
 * Passwords and stems that guessing starts with, in lower case. Shorter ones than any policy allows stand here for what people
 * make of them with a few digits or a sign at the end (see password-rules.ts). A start, not a breach corpus.
 */
export const commonPasswords: ReadonlySet<string> = new Set(
  `
  password passw0rd p@ssword p@ssw0rd pa55word pass1234 password1 password12 password123 passwort parola motdepasse contrasena senha
  mypassword newpassword changeme change-me changeit letmein letmein1 letmeinnow welcome welcome1 welcome123 welcomeback default
  defaultpassword temppass temppassword temporary initial initial1 secret secret123 topsecret supersecret mysecret
  qwerty qwerty12 qwerty123 qwertyui qwertyuiop qwertyuiop123 qwertz qwertzuiop azerty azertyuiop asdfgh asdfghjk asdfghjkl zxcvbn
  zxcvbnm zxcvbnm123 qazwsx qazwsxedc qazwsx123 1qaz2wsx 1qaz2wsx3edc 1q2w3e4r 1q2w3e4r5t 1q2w3e4r5t6y q1w2e3r4 q1w2e3r4t5 qweasd
  qweasdzxc qwe123 asd123 zaq12wsx zaq1zaq1 !qaz2wsx 123qweasd 123qwe 123qweasdzxc qwer1234 asdf1234 zxcv1234 poiuytrewq mnbvcxz
  12341234 11223344 1122334455 112233445566 123123123 123321123 12344321 123454321 87654321 987654321 9876543210 1234567890 0987654321
  12345678910 123456789a a123456789 123456789q 1234567890q 123456789abc abc12345 abc123456 abc123456789 abcd1234 abcde12345 abcdef123
  aa123456 aa12345678 a1b2c3d4 a1b2c3d4e5 1a2b3c4d 12345qwert 12345asdf 0123456789 00001111 01010101 10101010 12121212 13131313
  20202020 21212121 69696969 11112222 12312312 147258369 159753456 159357258 741852963 789456123 147852369 963852741 321654987
  123654789 456789123 102030405 1029384756 314159265 3141592654 5201314 520131400 woaini woaini1314 woaini520 iloveyou iloveyou1
  iloveyou2 ilovegod iloveme loveyou lovelove truelove babygirl sweetheart princess princess1 sunshine sunshine1 rainbow butterfly
  football football1 baseball baseball1 basketball softball hockey soccer swimming superman superman1 batman spiderman ironman
  wolverine starwars startrek pokemon pikachu minecraft nintendo playstation charmander dragon dragon123 monkey monkey123 shadow
  master master123 masterkey jordan23 michael jennifer jessica michelle samantha charlie alexander christian victoria elizabeth
  nicholas benjamin jonathan danielle stephanie patricia caroline december november october september february january monday
  tuesday wednesday thursday friday saturday sunday spring summer autumn winter summer2024 summer2025 summer2026 winter2024
  winter2025 winter2026 administrator administrador admin admin123 admin1234 admin12345 adminadmin admin@123 sysadmin superuser
  rootroot root1234 rootpassword toor toortoor guest guestguest test testtest test1234 test12345 testing testing123 tester demo
  demodemo demo1234 user user1234 useruser userpassword username login loginlogin logon computer computer1 internet internet1
  security database database1 oracle oracle123 postgres postgres1 mysql mysqlroot mongodb redis ubuntu debian centos raspberry
  windows windows10 windows11 microsoft office365 google google123 facebook twitter linkedin amazon alibaba alibaba123 aliyun
  aliyun123 taobao tencent wechat github gitlab jenkins docker kubernetes ansible terraform keycloak cisco cisco123 juniper fortinet
  whatever whatever1 trustno1 trustnoone nothing nopassword mustang corvette ferrari porsche mercedes chevrolet harley yamaha
  liverpool chelsea arsenal manchester barcelona realmadrid juventus yankees cowboys steelers lakers london england america
  australia germany deutschland france francia espana brasil hello hello123 hello1234 helloworld hellohello goodbye goodluck
  blessed jesuschrist heaven freedom forever forever21 diamond golden silver purple orange yellow banana chocolate cookie cookies
  coffee cheese pepper ginger flower flowers garden cartman simpsons scooby snoopy garfield matrix phoenix eagle1 tigger
  samsung samsung1 motorola blackberry iphone123 company company123 business business1 corporate enterprise manager manager1
  `
    .trim()
    .split(/\s+/),
);
