import type { CaseStatusView } from '../../protocol/api/screens.ts';
import type { Tone } from './components/notice.tsx';
import type { PhraseKey } from './dictionary.ts';
import type { IconName } from './icons.tsx';

interface Stage {
  text: PhraseKey;
  how: PhraseKey;
  tone: Tone;
  icon: IconName;
}

/** What the state of a case means for the person who asks. */
export const caseStages: Record<CaseStatusView['state'], Stage> = {
  open: { text: 'case.open', how: 'case.open-how', tone: 'waiting', icon: 'page' },
  sent: { text: 'case.sent', how: 'case.sent-how', tone: 'waiting', icon: 'forward' },
  'in-agency': { text: 'case.in-agency', how: 'case.in-agency-how', tone: 'waiting', icon: 'clock' },
  'result-ready': { text: 'case.ready', how: 'case.ready-how', tone: 'serving', icon: 'check' },
  'handed-out': { text: 'case.handed-out', how: 'case.handed-out-how', tone: 'info', icon: 'check' },
  refused: { text: 'case.refused', how: 'case.refused-how', tone: 'attention', icon: 'attention' },
};
