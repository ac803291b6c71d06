import { useRef, useState } from 'preact/hooks';
import type { ApiError } from '../../../protocol/api/common.ts';
import type { HallView } from '../../../protocol/api/hall.ts';
import { post } from '../api.ts';
import { inLanguage, t } from '../language.ts';
import { newId } from '../new-id.ts';
import { Button } from './button.tsx';
import { Notice } from './notice.tsx';

interface RatingFormProps {
  aspects: HallView['ratingAspects'];
  /** The visit that is rated, where the page knows it. */
  ticketId?: string;
  onDone: () => void;
}

const marks = [1, 2, 3, 4, 5] as const;

/** KEM-16: one to five for each aspect; no name, no words. What nobody marks is not sent. */
export function RatingForm({ aspects, ticketId, onDone }: RatingFormProps) {
  const requestId = useRef(newId());
  const [given, setGiven] = useState<ReadonlyMap<string, number>>(new Map());
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const send = async () => {
    setBusy(true);
    const answer = await post('/api/ratings', {
      requestId: requestId.current,
      ...(ticketId !== undefined && { ticketId }),
      marks: [...given].map(([aspect, mark]) => ({ aspect, mark })),
    });
    setBusy(false);
    setError(answer.ok ? null : answer.error);
    if (answer.ok) onDone();
  };
  return (
    <div class="rating">
      <p class="rating-ends" aria-hidden="true">
        <span>{t('rating.worst')}</span>
        <span>{t('rating.best')}</span>
      </p>
      {aspects.map(({ id, title }) => (
        <fieldset key={id} class="rating-aspect">
          <legend>{inLanguage(title)}</legend>
          <div class="rating-marks">
            {marks.map(mark => (
              <Button
                key={mark}
                pressed={given.get(id) === mark}
                label={t('rating.mark', { count: mark })}
                onPress={() => setGiven(new Map(given).set(id, mark))}
              >
                {mark}
              </Button>
            ))}
          </div>
        </fieldset>
      ))}
      {error && <Notice error={error} />}
      <div class="screen-action">
        <Button kind="primary" busy={busy} disabled={given.size === 0} onPress={() => void send()}>
          {t('rating.send')}
        </Button>
      </div>
    </div>
  );
}
