MOST_NEW = 30


class FewNew:
    """Mixed into an inline: so many rows are added at once and no more.

    Django makes as many as the form says there are, up to two thousand: drawing those
    takes half a minute.
    """

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        if request.method == "POST":
            rows = self.model.objects.filter(**{formset.fk.name: obj})
            formset.absolute_max = (rows.count() if obj else 0) + MOST_NEW
        return formset
