"""The networks that are measured, each written once for each library: ``loss``, ``plain_loss``, ``by_hand``, ..."""
