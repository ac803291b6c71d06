import type { EvidenceView } from '../../protocol/api/evidence.ts';
import { type Resource, resource } from './resource.ts';

const known = new Map<string, Resource<EvidenceView>>();

/** The evidence of content, fetched when it is first asked for. */
export function evidenceOf(sha256: string): Resource<EvidenceView> {
  let found = known.get(sha256);
  if (!found) {
    found = resource<EvidenceView>(() => `/api/evidence/${sha256}`, ['cases']);
    known.set(sha256, found);
    void found.refresh();
  }
  return found;
}
