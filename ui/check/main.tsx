import '../ticket/ticket.css';
import type { CheckView } from '../../protocol/api/cases.ts';
import { showDayAndTime, showFullDay, timeZone } from '../shared/clock.ts';
import { LanguageSwitch } from '../shared/components/language-switch.tsx';
import { Loaded } from '../shared/components/states.tsx';
import { Icon } from '../shared/icons.tsx';
import { inLanguage, rememberLanguage, t } from '../shared/language.ts';
import { startPage } from '../shared/page.tsx';
import { heldValue, resource } from '../shared/resource.ts';

/** `/check/{sha256}`, behind the QR code of a paper copy. */
const sha256 = location.pathname.split('/').filter(Boolean).at(-1) ?? '';

const check = resource<CheckView>(
  () => `/api/checks/${encodeURIComponent(sha256)}`,
  [],
  view => {
    timeZone.value = view.timeZone;
  },
);

function CheckPage() {
  const view = heldValue(check);
  return (
    <div class="phone">
      <header class="phone-head">
        <p>{view ? inLanguage(view.branch) : '\u00a0'}</p>
        <LanguageSwitch />
      </header>
      <main>
        {check.held.value.kind !== 'ready' && <h1 class="visually-hidden">{t('check.title')}</h1>}
        <Loaded held={check.held.value} onRetry={() => void check.refresh()} rows={4}>
          {({ copy, signature }) => (copy ? <Known copy={copy} signature={signature} /> : <Unknown />)}
        </Loaded>
      </main>
      <footer class="phone-foot">
        <p>{t('check.how')}</p>
      </footer>
    </div>
  );
}

/** A copy may have been right when it was made, and the certificate revoked since. */
function Known({
  copy,
  signature,
}: {
  copy: NonNullable<CheckView['copy']>;
  signature: CheckView['signature'];
}) {
  const isValid = signature?.reasons === null;
  return (
    <article class={`phone-card ${isValid ? 'state-serving' : 'state-no-show'}`}>
      <div class="phone-state">
        <h1 class="check-verdict">
          <Icon name={isValid ? 'check' : 'attention'} size={28} />
          {t(isValid ? 'check.known' : 'check.known-invalid')}
        </h1>
        <p>{t(isValid ? 'check.known-how' : 'check.known-invalid-how')}</p>
      </div>
      <dl class="phone-more">
        <div>
          <dt>{t('check.document')}</dt>
          <dd>{inLanguage(copy.title)}</dd>
        </div>
        <div>
          <dt>{t('check.case')}</dt>
          <dd class="figures">{copy.caseNumber}</dd>
        </div>
        {signature && (
          <div>
            <dt>{t('check.signature')}</dt>
            <dd>
              {t(isValid ? 'check.signature-valid' : 'check.signature-invalid', {
                ...{ time: showDayAndTime(signature.at), reasons: signature.reasons ?? '' },
              })}
            </dd>
          </div>
        )}
        {copy.copies.map(({ copyNumber, madeAt }) => (
          <div key={copyNumber}>
            <dt>{t('check.copy', { count: copyNumber })}</dt>
            <dd>{showFullDay(madeAt)}</dd>
          </div>
        ))}
        <div>
          <dt>{t('check.digest')}</dt>
          <dd class="check-digest figures">{sha256}</dd>
        </div>
      </dl>
    </article>
  );
}

function Unknown() {
  return (
    <article class="phone-card state-no-show">
      <div class="phone-state">
        <h1 class="check-verdict">
          <Icon name="attention" size={28} />
          {t('check.unknown')}
        </h1>
        <p>{t('check.unknown-how')}</p>
      </div>
    </article>
  );
}

rememberLanguage();
startPage(<CheckPage />);
void check.refresh();
