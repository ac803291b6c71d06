import { caseStages } from '../shared/case-stage.ts';
import { inLanguage, t } from '../shared/language.ts';
import { heldValue } from '../shared/resource.ts';
import { cases } from './store.ts';

/** KEM-14: the cases of this visit, with what opens them at a kiosk later. */
export function TicketCases() {
  return (
    <>
      {(heldValue(cases) ?? []).map(view => (
        <section key={view.number} class="phone-card phone-part">
          <h2>{t(caseStages[view.state].text)}</h2>
          <p>{t(caseStages[view.state].how)}</p>
          <dl class="phone-more">
            <div>
              <dt>{inLanguage(view.serviceTitle)}</dt>
              <dd class="figures">{t('case.number', { number: view.number })}</dd>
            </div>
            <div>
              <dt>{t('case.code')}</dt>
              <dd class="figures">{view.code}</dd>
            </div>
          </dl>
        </section>
      ))}
    </>
  );
}
