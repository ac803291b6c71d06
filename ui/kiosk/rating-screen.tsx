import { useState } from 'preact/hooks';
import { Button } from '../shared/components/button.tsx';
import { Message } from '../shared/components/notice.tsx';
import { RatingForm } from '../shared/components/rating-form.tsx';
import { Loaded } from '../shared/components/states.tsx';
import { t } from '../shared/language.ts';
import { startOver } from './screens.ts';
import { hall } from './store.ts';

export function RatingScreen() {
  const [done, setDone] = useState(false);
  return (
    <section class="screen">
      <div class="screen-heading">
        <h1 tabIndex={-1}>{t('rating.title')}</h1>
        <p>{t('rating.how')}</p>
      </div>
      {done ? (
        <>
          <Message tone="serving" title={t('rating.thanks')}>
            <p>{t('rating.thanks-how')}</p>
          </Message>
          <div class="screen-action">
            <Button kind="primary" onPress={startOver}>
              {t('kiosk.done')}
            </Button>
          </div>
        </>
      ) : (
        <Loaded held={hall.held.value} onRetry={() => void hall.refresh()} rows={3}>
          {view => <RatingForm aspects={view.ratingAspects} onDone={() => setDone(true)} />}
        </Loaded>
      )}
    </section>
  );
}
