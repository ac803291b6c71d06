import { useEffect, useState } from 'preact/hooks';
import type { MediaView } from '../../protocol/api/screens.ts';
import { nextTurn, nothingShown, skipBroken } from './media-turn.ts';

const pictureMs = 15_000;
/** A film that has not moved for so long is left: its bytes do not come, or cannot be played. */
const stuckMs = 10_000;

/** Pictures and films of the branch in turn, without sound: the hall listens for numbers. */
export function MediaSlot({ media }: { media: MediaView[] }) {
  const [{ shown, turn }, setNow] = useState(nothingShown);
  const next = () => setNow(now => nextTurn(now, media, performance.now()));
  const skip = () => setNow(now => skipBroken(now, media, performance.now()));
  const isListed = shown !== null && media.some(({ url }) => url === shown.url);
  // The first file, and the next one when this one was taken out of the folder.
  useEffect(() => {
    if (!isListed && media.length > 0) next();
  }, [isListed, media]);
  useEffect(() => {
    if (shown?.kind !== 'picture') return;
    const timer = setTimeout(next, pictureMs);
    return () => clearTimeout(timer);
  }, [turn, shown?.kind]);
  if (media.length === 0 || !shown) return null;
  return (
    <div class="board-media">
      {shown.kind === 'picture' ? (
        <img key={shown.url} src={shown.url} alt="" onError={skip} />
      ) : (
        <Film key={turn} url={shown.url} onEnd={next} onStuck={skip} />
      )}
    </div>
  );
}

function Film({ url, onEnd, onStuck }: { url: string; onEnd: () => void; onStuck: () => void }) {
  const [moved, setMoved] = useState(0);
  useEffect(() => {
    const timer = setTimeout(onStuck, stuckMs);
    return () => clearTimeout(timer);
  }, [moved]);
  return (
    <video
      src={url}
      autoplay
      muted
      playsInline
      onTimeUpdate={() => setMoved(times => times + 1)}
      onEnded={onEnd}
      onError={onStuck}
    />
  );
}
