/** What is answered to staff who did something with files of chargers. */
export const file = {
  asked: "{charger} was asked for its diagnostics. The file stands in the list when it is here.",
  came: "{charger} has sent its diagnostics: {file}.",
  ready: "{file} is ready.",
  kept: "{file} is here. Choose a charger to send it to.",
  sent: "{charger} was told to install {file}. It may restart.",
  installed: "{charger} has installed its new firmware.",
};
