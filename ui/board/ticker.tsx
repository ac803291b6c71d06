import { useEffect, useState } from 'preact/hooks';
import type { Text } from '../../protocol/values.ts';
import { Icon } from '../shared/icons.tsx';
import { inLanguage } from '../shared/language.ts';

const shownMs = 12_000;

/** One announcement after the other, standing still: words that run cannot be read from ten metres. */
export function Ticker({ announcements }: { announcements: Text[] }) {
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setTurn(last => last + 1), shownMs);
    return () => clearInterval(timer);
  }, []);
  const shown = announcements[turn % Math.max(1, announcements.length)];
  if (!shown) return null;
  return (
    <footer class="board-ticker">
      <Icon name="info" />
      <p key={turn}>{inLanguage(shown)}</p>
    </footer>
  );
}
