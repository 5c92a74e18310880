/** Pairs of requests that differ in one word and mean another thing: never one judgement, and no repeat of each other. */
import assert from 'node:assert/strict';
import { conceptsOf } from '../../../src/meaning/concepts.ts';
import type { Concepts } from '../../../src/meaning/concepts.ts';
import { addedBy } from '../../../src/meaning/descriptions.ts';
import { LearnedMeanings } from '../../../src/meaning/learnedMeanings.ts';
import { Lexicon } from '../../../src/meaning/lexicon.ts';

const pairs: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  'for and against': [
    ['Set out the case for the merger', 'Set out the case against the merger'],
    ['Collect the arguments in favour of the tram', 'Collect the arguments against the tram'],
    ['Vote for the amendment', 'Vote against the amendment'],
    ['Raccogli gli argomenti a favore del tram', 'Raccogli gli argomenti contro il tram'],
    ['Motivi per la fusione', 'Motivi contro la fusione'],
    ['Elenca i pro della fusione', 'Elenca i contro della fusione'],
  ],
  'how often': [
    ['Water the plants once a day', 'Water the plants twice a day'],
    ['Ping the sensor twice an hour', 'Ping the sensor three times an hour'],
    ['Feed the fish once', 'Feed the fish thrice'],
    ['Annaffia le piante una volta al giorno', 'Annaffia le piante due volte al giorno'],
    ['Annaffia le piante ogni giorno', 'Annaffia le piante ogni due giorni'],
    ['Ping the sensor every hour', 'Ping the sensor every day'],
    ['Interroga il sensore ogni ora', 'Interroga il sensore ogni settimana'],
  ],
  'design, build, install, set up, connect and switch on': [
    ['Design the payment API', 'Implement the payment API'],
    ['Design the payment API', 'Install the payment API'],
    ['Implement the payment API', 'Configure the payment API'],
    ['Implement the payment API', 'Integrate the payment API'],
    ['Implement the payment API', 'Activate the payment API'],
    ['Install the gateway', 'Configure the gateway'],
    ['Install the gateway', 'Activate the gateway'],
    ['Configure the gateway', 'Integrate the gateway'],
    ['Configure the gateway', 'Switch on the gateway'],
    ['Integrate the gateway', 'Enable the gateway'],
    ['Progettare la API dei pagamenti', 'Implementare la API dei pagamenti'],
    ['Progettazione del gateway', 'Installazione del gateway'],
    ['Installare il gateway', 'Configurare il gateway'],
    ['Configura il gateway', 'Integra il gateway'],
    ['Integrare il gateway', 'Attivare il gateway'],
    ['Implementazione del gateway', 'Attivazione del gateway'],
  ],
  'before and after': [
    ['Warn the crew before the landing', 'Warn the crew after the landing'],
    ['Avvisa la squadra prima del volo', 'Avvisa la squadra dopo il volo'],
  ],
  'with and without': [
    ['Bake the cake with nuts', 'Bake the cake without nuts'],
    ['Prepara la torta con noci', 'Prepara la torta senza noci'],
  ],
  'on and off': [
    ['Enable the sprinklers', 'Disable the sprinklers'],
    ['Turn on the sprinklers', 'Turn off the sprinklers'],
    ['Turn the sprinklers on', 'Turn the sprinklers off'],
    ['Switch the sprinklers on at night', 'Switch the sprinklers off at night'],
    ['Activate the alarm', 'Deactivate the alarm'],
    ['Abilita gli irrigatori', 'Disabilita gli irrigatori'],
    ['Attiva gli irrigatori', 'Disattiva gli irrigatori'],
    ['Accendi gli irrigatori', 'Spegni gli irrigatori'],
  ],
  'up and down': [
    ['Roll the shutter up', 'Roll the shutter down'],
    ['Scale up the cluster', 'Scale down the cluster'],
    ['Scale the cluster up', 'Scale the cluster down'],
    ['Tirare su la saracinesca', 'Tirare giù la saracinesca'],
    ['Porta su il server', 'Porta giù il server'],
  ],
  'in and out': [
    ['Log the crew in', 'Log the crew out'],
    ['Phase in the levy', 'Phase out the levy'],
    ['Get data into the ledger', 'Get data out of the ledger'],
    ['Check in the guests', 'Check out the guests'],
    ['Show the seal everywhere', 'Show the seal nowhere'],
  ],
  'to and fro': [
    ['Send the lamp', 'Send the lamp back'],
    ['Lend the ladder', 'Borrow the ladder'],
  ],
  'start and stop': [
    ['Start the turbine', 'Stop the turbine'],
    ['Avvia la turbina', 'Ferma la turbina'],
    ['Far partire la turbina', 'Fermare la turbina'],
    ['Pause the turbine', 'Resume the turbine'],
    ['Iniziare la sperimentazione', 'Interrompere la sperimentazione'],
  ],
  'add and remove': [
    ['Add the watermark', 'Remove the watermark'],
    ['Aggiungi la filigrana', 'Rimuovi la filigrana'],
    ['Aggiungere la filigrana', 'Togliere la filigrana'],
    ['Include the annex', 'Exclude the annex'],
    ['Includi gli allegati', 'Escludi gli allegati'],
    ['Attach the trailer', 'Detach the trailer'],
    ['Connect the boiler', 'Disconnect the boiler'],
    ['Collega la caldaia', 'Scollega la caldaia'],
    ['Install the plugin', 'Uninstall the plugin'],
    ['Installa il plugin', 'Disinstalla il plugin'],
    ['Monta la tenda', 'Smonta la tenda'],
  ],
  'buy and sell': [
    ['Buy the warehouse', 'Sell the warehouse'],
    ['Compra il magazzino', 'Vendi il magazzino'],
    ['Hire a cook', 'Dismiss a cook'],
    ['Assumi un cuoco', 'Licenzia un cuoco'],
  ],
  'open and close': [
    ['Open the valve', 'Close the valve'],
    ['Apri la valvola', 'Chiudi la valvola'],
    ['Lock the gate', 'Unlock the gate'],
    ['Blocca il cancello', 'Sblocca il cancello'],
  ],
  'import and export': [
    ['Import the readings', 'Export the readings'],
    ['Importa le letture', 'Esporta le letture'],
    ['Upload the readings', 'Download the readings'],
    ['Carica le letture', 'Scarica le letture'],
    ['Mount the volume', 'Unmount the volume'],
    ['Compress the readings', 'Decompress the readings'],
  ],
  'upgrade and downgrade': [
    ['Upgrade the kernel', 'Downgrade the kernel'],
    ['Upgrade the kernel', 'Roll back the kernel'],
    ['Aggiorna il kernel', 'Riporta il kernel alla versione precedente'],
  ],
  'encrypt and decrypt': [
    ['Encrypt the vault', 'Decrypt the vault'],
    ['Cifra la cassaforte', 'Decifra la cassaforte'],
    ['Criptare i nastri', 'Decriptare i nastri'],
    ['Encode the signal', 'Decode the signal'],
  ],
  'more and less': [
    ['Increase the pressure', 'Decrease the pressure'],
    ['Raise the quota', 'Lower the quota'],
    ['Aumenta la pressione', 'Diminuisci la pressione'],
    ['Alza la quota', 'Abbassa la quota'],
    ['Set the minimum pressure', 'Set the maximum pressure'],
    ['Imposta la pressione minima', 'Imposta la pressione massima'],
    ['Keep at least two spares', 'Keep at most two spares'],
    ['Tenere almeno due scorte', 'Tenere al massimo due scorte'],
    ['More frequent patrols', 'Less frequent patrols'],
    ['Pattuglie più frequenti', 'Pattuglie meno frequenti'],
    ['Plan many stops', 'Plan few stops'],
    ['Double the ration', 'Halve the ration'],
    ['Show the highest peak', 'Show the lowest peak'],
    ['Tighten the bolts', 'Loosen the bolts'],
    ['Heat the kiln', 'Cool the kiln'],
  ],
  'first and last': [
    ['Read the first chapter', 'Read the last chapter'],
    ['Leggi il primo capitolo', "Leggi l'ultimo capitolo"],
    ['Read the next chapter', 'Read the previous chapter'],
    ['Leggi il prossimo capitolo', 'Leggi il capitolo precedente'],
    ['Ascending order of the peaks', 'Descending order of the peaks'],
  ],
  'internal and external': [
    ['Repaint the internal wall', 'Repaint the external wall'],
    ['Ridipingi il muro interno', 'Ridipingi il muro esterno'],
    ['Lamps inside the barn', 'Lamps outside the barn'],
    ['Lampade dentro il fienile', 'Lampade fuori dal fienile'],
  ],
  'public and private': [
    ['Make the repository public', 'Make the repository private'],
    ['Rendi pubblico il registro', 'Rendi privato il registro'],
    ['Show the map', 'Hide the map'],
    ['Mostra la mappa', 'Nascondi la mappa'],
    ['Publish the map', 'Unpublish the map'],
  ],
  'approve and reject': [
    ['Approve the permit', 'Reject the permit'],
    ['Approva il permesso', 'Respingi il permesso'],
    ['Accept the parcel', 'Decline the parcel'],
    ['Accetta il pacco', 'Rifiuta il pacco'],
    ['Allow the detour', 'Forbid the detour'],
    ['Consentire la deviazione', 'Vietare la deviazione'],
    ['Grant the permit', 'Revoke the permit'],
    ['Subscribe to the gazette', 'Unsubscribe from the gazette'],
  ],
  'old and new': [
    ['Paint the old fence', 'Paint the new fence'],
    ['Dipingi il vecchio recinto', 'Dipingi il nuovo recinto'],
    ['A generic recipe for bread', 'A specific recipe for bread'],
    ['Una ricetta generica per il pane', 'Una ricetta specifica per il pane'],
    ['Mandatory helmets', 'Optional helmets'],
    ['Casco obbligatorio', 'Casco facoltativo'],
  ],
  'staging and production': [
    ['Restart the relay in staging', 'Restart the relay in production'],
    ['Riavvia il relè in staging', 'Riavvia il relè in produzione'],
  ],
  'left and right': [
    ['Turn the wheel left', 'Turn the wheel right'],
    ['Gira la ruota a sinistra', 'Gira la ruota a destra'],
  ],
  'one word that nobody knows and another': [
    ['Sharpen the big saw in the shed', 'Oil the big saw in the shed'],
    ['Affila la sega grande nel capanno', 'Olia la sega grande nel capanno'],
    ['Write the onboarding guide for pilots', 'Write the onboarding guide for nurses'],
    ['Review the lexer module', 'Review the parser module'],
  ],
  'what is denied of what': [
    ['Export the roster with prices but without names', 'Export the roster with names but without prices'],
    ['Esporta il registro con i prezzi ma senza i nomi', 'Esporta il registro con i nomi ma senza i prezzi'],
    ['Only the captain signs the log', 'The captain signs only the log'],
  ],
  'which number belongs to what': [
    ['Order 10 ladders and 5 lamps', 'Order 5 ladders and 10 lamps'],
    ['Ordina 10 scale e 5 lampade', 'Ordina 5 scale e 10 lampade'],
    ['Move it from 3 May to 9 June', 'Move it from 9 May to 3 June'],
  ],
};

const lexicon = new Lexicon();
const read = (title: string): { readonly key: string; readonly concepts: Concepts } => {
  const concepts = conceptsOf(title, lexicon);
  const key = concepts.map(({ name }) => name).toSorted();
  return { key: key.join(' '), concepts };
};
const readSentence = (text: string): Concepts => conceptsOf(text, lexicon);
/** Enough that rarity means something, and then a title, as a model judges them. */
const taught = (title: string): LearnedMeanings => {
  const learned = new LearnedMeanings();
  for (const text of ['Renew the SSL certificate', 'Organise the office move', 'Hospital quote', title]) {
    const named = lexicon.conceptsAmong(text === title ? ['alpha', 'beta', 'gamma'] : text.split(' '));
    learned.learn({ ...read(text), named, value: 500 });
  }
  return learned;
};

describe('Requests that differ in one word', () => {
  for (const [family, texts] of Object.entries(pairs)) {
    it(`never share by what everybody knows: ${family}`, () => {
      const same = texts.filter(([one, other]) => read(one).key === read(other).key);
      assert.deepEqual(same, []);
    });

    it(`never share where they are the description: ${family}`, () => {
      const title = { text: 'Sunday folder', concepts: readSentence('Sunday folder') };
      const keyOf = (text: string): string => addedBy(text, title, readSentence);
      const same = texts.filter(([one, other]) => keyOf(one) === keyOf(other));
      assert.deepEqual(same, []);
    });

    it(`never share because a model has judged one of them: ${family}`, () => {
      const both = texts.flatMap(([one, other]) => [[one, other] as const, [other, one] as const]);
      const same = both.filter(([judged, asked]) => {
        const { key, concepts } = read(asked);
        return taught(judged).keyOf(key, concepts) !== key;
      });
      assert.deepEqual(same, []);
    });
  }
});
