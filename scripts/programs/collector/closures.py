"""Functions that refer to themselves, methods kept by their instances, and generators that keep their makers."""
import gc

gc.set_threshold(700, 10, 10)

TURNS = 500
BALLAST = 0


def counter(limit):
    seen = []

    def count(number):
        seen.append(number)
        return number if number >= limit else count(number + 1)

    return count


class Button:
    def __init__(self, label):
        self.label = label
        self.handlers = {'press': self.press, 'release': lambda: self}
        self.events = self.listen()
        next(self.events)

    def press(self):
        return self.label

    def listen(self):
        while True:
            received = yield self
            if received is not None:
                self.label = received


ballast = [[number] for number in range(BALLAST)]
buttons = []
for turn in range(TURNS):
    counter(3)(turn % 4)
    button = Button(turn)
    button.events.send('pressed')
    button.handlers['press']()
    if turn % 10 == 0:
        buttons.append(button)
    if len(buttons) > 30:
        buttons = buttons[15:]
