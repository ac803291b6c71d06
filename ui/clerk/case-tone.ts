import type { CaseState } from '../../protocol/api/cases.ts';
import type { DocumentState } from '../../protocol/api/documents.ts';

type Tone = 'info' | 'waiting' | 'serving' | 'attention' | 'trouble';

/** Green asks for the clerk's hand, blue waits for others, grey is over. */
export function caseTone(state: CaseState): Tone {
  switch (state) {
    case 'open':
      return 'attention';
    case 'sent':
    case 'in-agency':
      return 'waiting';
    case 'result-ready':
      return 'serving';
    case 'handed-out':
      return 'info';
    case 'refused':
      return 'trouble';
  }
}

export function documentTone(state: DocumentState): Tone {
  switch (state) {
    case 'recognising':
      return 'waiting';
    case 'ready':
      return 'attention';
    case 'failed':
      return 'trouble';
    case 'confirmed':
    case 'signed':
      return 'serving';
  }
}
