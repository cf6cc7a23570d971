"""Makes data.csv: a made two-stage trial of 300 people in the manner of a SMART, with non-responders coming to stage 2.

`python3 make_data.py` writes the same file each time. Nobody's data are in it.
"""
import random

random.seed(20261)
rows = ["id,age,severity,sex,first,response,adherence,second,score"]
for i in range(300):
    age = round(random.gauss(45, 12))
    severity = round(random.gauss(0, 1), 3)
    sex = random.choice("FM")
    first = int(random.random() < 0.5)
    response = int(random.random() < 0.35 + 0.15 * first)
    gain = 10 - 2 * severity + first * (1 - 1.5 * severity) + (2 if response else 0)
    adherence, second = "", ""
    if not response:
        adherence = round(random.gauss(0.2 * first, 1), 3)
        second = int(random.random() < 1 / (1 + 2.718281828459045 ** (-0.5 * adherence)))
        gain += second * (0.8 + 1.2 * adherence)
    rows.append(f"{i + 1},{age},{severity},{sex},{first},{response},{adherence},{second},{round(gain + random.gauss(0, 2), 3)}")
rows[8] = rows[8].rsplit(",", 1)[0] + ","  # one outcome is missing, as in life
with open("data.csv", "w") as file:
    file.write("\n".join(rows) + "\n")
