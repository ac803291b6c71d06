import type { Service } from '../../protocol/register.ts';
import { Button } from '../shared/components/button.tsx';
import { Icon } from '../shared/icons.tsx';
import { inLanguage, t } from '../shared/language.ts';
import { heldValue } from '../shared/resource.ts';
import { go } from './screens.ts';
import { agencyOf, register, whyClosed } from './store.ts';

export function ServiceList({ categoryId }: { categoryId: string }) {
  const view = heldValue(register);
  const category = view?.categories.find(found => found.id === categoryId);
  const services = view?.services.filter(service => service.categoryId === categoryId) ?? [];
  return (
    <section class="screen">
      <div class="screen-heading">
        <h1 tabIndex={-1}>{category ? inLanguage(category.title) : t('kiosk.choose-service')}</h1>
        <p>{t('kiosk.choose-service')}</p>
      </div>
      <ServiceRows services={services} />
      <div class="screen-action">
        <Button icon="search" onPress={() => go({ name: 'search' })}>
          {t('kiosk.search')}
        </Button>
      </div>
    </section>
  );
}

export function ServiceRows({ services }: { services: Service[] }) {
  return (
    <ul class="rows">
      {services.map(service => {
        const agency = agencyOf(service);
        const closed = whyClosed(service.id);
        return (
          <li key={service.id}>
            <button
              type="button"
              class="row"
              data-say={`service.${service.id}`}
              onClick={() => go({ name: 'service', serviceId: service.id })}
            >
              <span class="row-title">{inLanguage(service.title)}</span>
              <span class="row-note">
                {agency ? inLanguage(agency.short) : ''}
                {closed && <strong>{t(`kiosk.no-tickets.${closed}`)}</strong>}
              </span>
              <Icon name="forward" size={32} />
            </button>
          </li>
        );
      })}
    </ul>
  );
}
