import { useEffect, useState } from 'preact/hooks';
import type { MediaView } from '../../protocol/screens-api.ts';

const pictureMs = 15_000;

/** Pictures and films of the branch in turn, without sound: the hall listens for numbers. */
export function MediaSlot({ media }: { media: MediaView[] }) {
  const [turn, setTurn] = useState(0);
  const shown = media[turn % Math.max(1, media.length)];
  const next = () => setTurn(last => last + 1);
  useEffect(() => {
    if (shown?.kind !== 'picture') return;
    const timer = setTimeout(next, pictureMs);
    return () => clearTimeout(timer);
  }, [turn, shown?.kind]);
  if (!shown) return null;
  return (
    <div class="board-media">
      {shown.kind === 'picture' ? (
        <img key={turn} src={shown.url} alt="" onError={() => setTimeout(next, pictureMs)} />
      ) : (
        <video
          key={turn}
          src={shown.url}
          autoplay
          muted
          onEnded={next}
          onError={() => setTimeout(next, pictureMs)}
        />
      )}
    </div>
  );
}
