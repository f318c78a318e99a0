/** What is answered to staff who did something with a charger. */
export const operation = {
  start: "{charger} was told to start for {who}.",
  stop: "{charger} was told to stop the charge.",
  unlock: "{charger} is unlocked.",
  restart: "{charger} restarts.",
  restartHard: "{charger} restarts at once.",
  out: "{charger} is out of service.",
  outUntil: "{charger} is out of service until {time}.",
  in: "{charger} is in service again.",
  identify: "{charger} shows itself.",
  reserve: "{charger} is reserved for {who} until {time}.",
  cancel: "The reservation of {charger} is cancelled.",
  outLater: "{charger} goes out of service after the charge that is under way.",
  guest: "Guest",
};
