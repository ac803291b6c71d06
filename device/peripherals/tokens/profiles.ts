import {
  ecdsaMechanisms,
  gostMechanisms,
  rsaMechanisms,
  rsaPssMechanisms,
  type TokenMechanisms,
} from './mechanisms.ts';

/** What has to be known about a family of signature tokens; PKCS#11 itself does not tell it. */
export interface TokenProfile {
  id: string;
  title: string;
  /** Where the vendor's packages put the module; the first that exists is used. */
  modulePaths: string[];
  /** What to install when no module is there, and how. */
  package: string;
  command: string;
  /** What it can sign with, and how; of two algorithms that a key could do, the first is taken. */
  mechanisms: TokenMechanisms;
  /** Wrong PINs until the user PIN is locked, as the vendor ships the token; null when it never locks. */
  maxTries: number | null;
  /** Whether the absence of CKF_USER_PIN_COUNT_LOW proves that no wrong PIN was tried since the last right one. */
  countLowIsReliable: boolean;
  /** Whether Okno has been run against it. The others are taken from the vendor's published installation notes. */
  tested: boolean;
}

export const tokenProfiles = {
  /** Software token for development. It has no PIN lock of its own and no GOST. */
  softhsm: {
    id: 'softhsm',
    title: 'SoftHSM 2',
    modulePaths: [
      '/usr/lib/softhsm/libsofthsm2.so',
      '/usr/lib64/pkcs11/libsofthsm2.so',
      '/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so',
    ],
    package: 'softhsm2',
    command: 'apt-get install softhsm2',
    mechanisms: { ...ecdsaMechanisms, ...rsaMechanisms, ...rsaPssMechanisms },
    maxTries: null,
    countLowIsReliable: true,
    tested: true,
  },
  /** SoftHSM behind the simulator that counts PINs, as the demonstration and the tests use it. */
  softhsmLocking: {
    id: 'softhsm-locking',
    title: 'SoftHSM 2 с блокировкой PIN-кода',
    modulePaths: [],
    package: 'softhsm2',
    command: 'apt-get install softhsm2',
    mechanisms: { ...ecdsaMechanisms, ...rsaMechanisms, ...rsaPssMechanisms },
    maxTries: 3,
    countLowIsReliable: true,
    tested: true,
  },
  /** The simulator over OpenSSL's GOST engine: no package of Debian or npm has a soft token for GOST of 2012. */
  gostSimulator: {
    id: 'gost-simulator',
    title: 'Имитатор ключа ГОСТ',
    modulePaths: [],
    package: 'libengine-gost-openssl',
    command: 'apt-get install libengine-gost-openssl',
    mechanisms: gostMechanisms,
    maxTries: 3,
    countLowIsReliable: true,
    tested: true,
  },
  rutokenEcp: {
    id: 'rutoken-ecp',
    title: 'Рутокен ЭЦП 2.0 / 3.0',
    modulePaths: ['/usr/lib/librtpkcs11ecp.so', '/usr/lib64/librtpkcs11ecp.so'],
    package: 'librtpkcs11ecp',
    command: 'dpkg -i librtpkcs11ecp_*.deb (rutoken.ru, раздел «Библиотека PKCS#11»)',
    mechanisms: { ...gostMechanisms, ...ecdsaMechanisms, ...rsaMechanisms },
    maxTries: 10,
    countLowIsReliable: false,
    tested: false,
  },
  jacarta: {
    id: 'jacarta',
    title: 'JaCarta PKI / JaCarta-2 ГОСТ',
    modulePaths: [
      '/usr/lib/libjcPKCS11-2.so',
      '/usr/lib64/libjcPKCS11-2.so',
      '/usr/lib64/pkcs11/libjcPKCS11-2.so',
    ],
    package: 'jcpkcs11-2',
    command: 'dpkg -i jcpkcs11-2_*.deb (aladdin-rd.ru, «Единый клиент JaCarta»)',
    mechanisms: { ...gostMechanisms, ...ecdsaMechanisms, ...rsaMechanisms },
    maxTries: 10,
    countLowIsReliable: false,
    tested: false,
  },
} satisfies Record<string, TokenProfile>;
