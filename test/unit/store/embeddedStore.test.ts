import { openHarness } from '../../support/storeHarness.ts';
import { SimulatedFiles } from '../../support/simulatedFiles.ts';
import { storeConformance } from '../../support/storeConformance.ts';

storeConformance('The embedded engine', (clock) => openHarness({ files: new SimulatedFiles(), clock }));
