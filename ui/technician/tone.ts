import type { TechnicianDevice } from '../../protocol/api/technician.ts';
import type { Tone } from '../shared/components/notice.tsx';
import type { PhraseKey } from '../shared/dictionary.ts';

/** How a device looks in one word and one colour. */
export function looks({ phase, error, plug, role }: TechnicianDevice): { tone: Tone; word: PhraseKey } {
  if (error?.code === 'device.no-role') return { tone: 'attention', word: 'tech.phase.unassigned' };
  if (error?.code === 'reader.service-down') return { tone: 'trouble', word: 'tech.phase.faulted' };
  if (phase === 'ready' && error !== null) return { tone: 'attention', word: 'tech.phase.attention' };
  if (phase === 'ready') return { tone: 'serving', word: 'tech.phase.ready' };
  if (phase === 'opening') return { tone: 'waiting', word: 'tech.phase.opening' };
  if (phase === 'discovered')
    return { tone: 'info', word: plug && !role ? 'tech.phase.unassigned' : 'tech.phase.discovered' };
  return { tone: 'trouble', word: `tech.phase.${phase}` };
}
