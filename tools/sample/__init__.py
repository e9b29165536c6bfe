"""The maker of `imdb_helpers/sample.npz`: invented reviews of invented films, in IMDB's form.

They stand in when the real data cannot be had. Every sentence is our own, every film, actor and
town is made up. `python -m tools.sample` writes the file, the same integers on every machine.

| room | what is in it |
| --- | --- |
| `words.txt`, `opinions.txt`, `stories.txt`, `themes.txt` | the stock of phrases |
| `stock` | reading the stock, drawing from it |
| `names`, `films` | invented names; films, who made them and what they are about |
| `slips` | the spelling mistakes of people who type fast |
| `reviews` | from films to the texts of reviews |
| `indexing` | from texts to ranks, by IMDB's recipe |
| `archive` | from ranks to the file |
"""
