import { showWait } from '../shared/clock.ts';
import { closingFigure } from '../shared/closing.ts';
import { Button } from '../shared/components/button.tsx';
import { Message } from '../shared/components/notice.tsx';
import { StatusDot } from '../shared/components/status.tsx';
import { otherHub } from '../shared/hub.tsx';
import { inLanguage, language, t } from '../shared/language.ts';
import { type Language, languages } from '../shared/languages.ts';
import { heldValue } from '../shared/resource.ts';
import { TouchDrawing } from './drawings.tsx';
import { go } from './screens.ts';
import { branch, hall, offeredLanguages, register } from './store.ts';

export function Attract() {
  const view = heldValue(branch);
  const isElsewhere = otherHub() !== null;
  const begin = (chosen: Language) => {
    language.value = chosen;
    if (!isElsewhere) go({ name: 'categories' });
  };
  return (
    <div class="attract">
      <div class="attract-branch">
        <h1 tabIndex={-1}>{view ? inLanguage(view.name) : '\u00a0'}</h1>
        <p>{view ? inLanguage(view.address) : '\u00a0'}</p>
      </div>
      {isElsewhere ? (
        <Message tone="attention" title={t('kiosk.elsewhere')}>
          <p>{t('kiosk.elsewhere-how')}</p>
        </Message>
      ) : register.held.value.kind === 'failed' ? (
        <Message tone="attention" title={t('kiosk.no-services')}>
          <p>{t('kiosk.no-services-how')}</p>
        </Message>
      ) : (
        <button type="button" class="attract-touch" onClick={() => begin(language.value)}>
          <TouchDrawing />
          <span class="attract-big">{t('kiosk.touch')}</span>
          <span class="attract-why">
            {t(heldValue(hall)?.open === false ? 'kiosk.day-closed' : 'kiosk.touch-why')}
          </span>
        </button>
      )}
      {view?.alone && <Alone />}
      {!view?.alone && !isElsewhere && <Now />}
      <fieldset class="attract-languages" aria-label={t('kiosk.choose-language')}>
        {offeredLanguages().map(each => (
          <Button key={each} onPress={() => begin(each)}>
            <span lang={each}>{languages[each].name}</span>
          </Button>
        ))}
      </fieldset>
    </div>
  );
}

/** What nobody can know while the box of the kiosk does not reach the hub. */
function Alone() {
  return (
    <div class="attract-alone" role="status">
      <StatusDot tone="attention">{t('kiosk.alone')}</StatusDot>
      <p>{t('kiosk.alone-how')}</p>
    </div>
  );
}

function Now() {
  const view = heldValue(branch);
  const late = view?.closing?.chance === 'unsure' ? null : view && closingFigure(view.closing);
  return (
    <dl class="attract-now">
      <div>
        <dt>{t('kiosk.waiting-now')}</dt>
        <dd>
          {view ? (view.waiting === 0 ? t('kiosk.nobody') : t('people', { count: view.waiting })) : '…'}
        </dd>
      </div>
      <div>
        <dt>{late?.name ?? t('kiosk.wait-now')}</dt>
        <dd>{late?.value ?? (view ? showWait(view.wait) : '…')}</dd>
      </div>
    </dl>
  );
}
