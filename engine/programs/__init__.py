"""Programs that a framework has traced, run on whatever arrays they are handed: extended ones too."""
