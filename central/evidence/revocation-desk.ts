import { AppError } from '../../protocol/app-error.ts';
import { readPackage } from '../../protocol/package/asice.ts';
import type { ByteSource } from '../../protocol/package/byte-source.ts';
import { readCertificate, type X509 } from '../../protocol/signature/certificate.ts';
import { readCms } from '../../protocol/signature/cms.ts';
import { revocationUrls } from '../../protocol/signature/revocation-urls.ts';
import { readable } from '../../protocol/signature/trust.ts';
import type { Piece, RevocationSources, Source } from './revocation-sources.ts';

/** What was learnt about the signers of one container. */
export interface RevocationFound {
  pieces: Piece[];
  /** Addresses of those who should know and said nothing; empty when nothing is missing. */
  missing: string[];
}

/** Learns whether those who signed a container were revoked. Without sources it learns nothing and misses nothing. */
export interface RevocationDesk {
  gather(container: ByteSource, anchors: readonly Uint8Array[]): Promise<RevocationFound>;
  /** The same for those who signed time stamps. */
  gatherForStamps(tokens: readonly Uint8Array[], anchors: readonly Uint8Array[]): Promise<RevocationFound>;
}

/** The same in the form in which containers are judged. */
export function newsOf({ pieces }: RevocationFound): {
  revocationLists: Uint8Array[];
  ocspAnswers: Uint8Array[];
} {
  const of = (kind: Piece['kind']) => pieces.filter(each => each.kind === kind).map(({ bytes }) => bytes);
  return { revocationLists: of('crl'), ocspAnswers: of('ocsp') };
}

const nothing = async (): Promise<RevocationFound> => ({ pieces: [], missing: [] });
export const noRevocationDesk: RevocationDesk = { gather: nothing, gatherForStamps: nothing };

export function createRevocationDesk(parts: {
  sources: RevocationSources;
  /** Asked besides those that a certificate names itself; `issuer` is the key of an authority's name. */
  configured: readonly { issuer: string; lists: string[]; responders: string[] }[];
}): RevocationDesk {
  const { sources, configured } = parts;

  function sourcesOf(certificate: X509): Source[] {
    const own = revocationUrls(certificate);
    const more = configured.filter(({ issuer }) => issuer === certificate.issuer.key);
    const of = (kind: Source['kind'], urls: string[]) => [...new Set(urls)].map(url => ({ kind, url }));
    // A responder knows today what a list will say tomorrow.
    return [
      ...of('ocsp', [...own.responders, ...more.flatMap(({ responders }) => responders)]),
      ...of('crl', [...own.lists, ...more.flatMap(({ lists }) => lists)]),
    ];
  }

  async function about(enclosed: X509[], anchors: readonly Uint8Array[]): Promise<RevocationFound> {
    const trusted = readable(anchors, readCertificate);
    const found = new Map<string, Piece>();
    const missing = new Set<string>();
    for (const { certificate, issuer } of pathsUp(enclosed, trusted)) {
      const asked = sourcesOf(certificate);
      const piece = await firstOf(asked, source => sources.ask(source, certificate, issuer));
      if (piece) found.set(piece.sha256, piece);
      else for (const { url } of asked) missing.add(url);
    }
    return { pieces: [...found.values()], missing: [...missing] };
  }

  return {
    gather: (container, anchors) => about(certificatesIn(container), anchors),
    gatherForStamps: (tokens, anchors) => about(certificatesOf(tokens), anchors),
  };
}

async function firstOf<In, Out>(
  wishes: In[],
  ask: (wish: In) => Promise<Out | undefined>,
): Promise<Out | undefined> {
  for (const wish of wishes) {
    const answer = await ask(wish);
    if (answer) return answer;
  }
  return undefined;
}

/**
 * The certificates below an anchor, each with its issuer. Only these are asked about: whoever signs without a
 * path to an anchor could name any address and have the centre ask there.
 */
function pathsUp(enclosed: X509[], trusted: X509[]): { certificate: X509; issuer: X509 }[] {
  const isTrusted = (each: X509) => trusted.some(anchor => Buffer.compare(anchor.der, each.der) === 0);
  const issuerOf = (below: X509) =>
    [...trusted, ...enclosed].find(each => each !== below && each.subject.key === below.issuer.key);
  return enclosed.flatMap(certificate => {
    const links: { certificate: X509; issuer: X509 }[] = [];
    for (let at = certificate; !isTrusted(at); ) {
      const issuer = issuerOf(at);
      if (!issuer || links.length >= longestPath) return [];
      links.push({ certificate: at, issuer });
      at = issuer;
    }
    return links.slice(0, 1);
  });
}

const longestPath = 8;

/** What lies in the signatures of a container; nothing when it cannot be read, which its judge will say. */
function certificatesIn(container: ByteSource): X509[] {
  try {
    const { containerSignature, documents } = readPackage(container);
    const signatures = [
      containerSignature,
      ...documents.flatMap(({ signature }) => signature ?? []),
      ...documents.flatMap(({ applicantSignature }) => applicantSignature ?? []),
    ];
    return certificatesOf(signatures);
  } catch (error) {
    if (error instanceof AppError && error.code === 'package.malformed') return [];
    throw error;
  }
}

/** Each once. */
function certificatesOf(messages: readonly Uint8Array[]): X509[] {
  const found = readable(messages, readCms).flatMap(({ certificates }) =>
    readable(certificates, readCertificate),
  );
  return [...new Map(found.map(each => [Buffer.from(each.der).toString('base64'), each])).values()];
}
