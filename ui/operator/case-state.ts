import type { CentreCaseLine } from '../../protocol/api/centre.ts';

type Tone = 'info' | 'waiting' | 'serving' | 'attention' | 'trouble';

export function centreCaseTone(line: CentreCaseLine): Tone {
  if (line.trouble !== null || line.state === 'refused') return 'trouble';
  switch (line.state) {
    case 'open':
      return 'info';
    case 'package-awaited':
      return 'attention';
    case 'verified':
    case 'in-agency':
      return 'waiting';
    case 'result-ready':
      return 'serving';
    case 'handed-out':
      return 'info';
  }
}
